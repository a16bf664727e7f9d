/* Puts the page together. The socket opens while Dash is still building the page; Dash calls the rest by name.
 * Dash loads assets in the order of their names, and this one needs all the others: its name has to be the last. */
(function () {
  'use strict';
  const hub = window.hubMonitor;

  const live = (hub.live = new hub.Live());
  const clientside = (window.dash_clientside ??= {});
  clientside.hub = {
    applyPoll: (patch) => void live.answer(patch),
    applyRange: (data) => void live.answerRange(data),
    navigate: (pathname) => void live.navigate(pathname),
  };
  live.start();
})();

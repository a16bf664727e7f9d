/* A request that changes something. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const API = '/api/v1/';

  /** Send it; return what went wrong in a sentence, '' when nothing did. */
  hub.ask = async (method, path, body = {}) => {
    try {
      const answer = await fetch(API + path, {
        method,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      const said = await answer.json();
      return answer.ok ? '' : `Not done: ${said.error.field ?? ''} ${said.error.message}.`;
    } catch {
      return 'Not done: the server does not answer.';
    }
  };
})();

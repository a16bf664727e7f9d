/* What this browser remembers between visits, by key. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  hub.remembered = Object.freeze({
    /** The text of a key; null where there is none, or storage is forbidden. */
    read(key) {
      try {
        return window.localStorage.getItem(key);
      } catch {
        return null;
      }
    },
    write(key, text) {
      try {
        window.localStorage.setItem(key, text);
      } catch {
        // Not remembered, then.
      }
    },
  });
})();

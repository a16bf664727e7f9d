/* A request that changes something. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const API = '/api/v1/';

  /** What the page calls the fields. */
  const FIELDS = { name: 'the name', text: 'the change', seconds: 'the length', optimization: 'the optimisation' };

  /** A rule has its field for a subject; anything else is a sentence of its own. */
  function sentence({ field, message }) {
    if (!field || !/^(must|is) /.test(message)) return message;
    return `${FIELDS[field] ?? field} ${message}`;
  }

  /** Send it; return what went wrong in a sentence, '' when nothing did. */
  hub.ask = async (method, path, body = {}) => {
    try {
      const answer = await fetch(API + path, {
        method,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      const said = await answer.json();
      return answer.ok ? '' : `Not done: ${sentence(said.error)}.`;
    } catch {
      return 'Not done: the server does not answer.';
    }
  };
})();

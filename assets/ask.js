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

  /** Send it; return what went wrong in a sentence, '' when nothing did. `told` gets the answer to what was done. */
  hub.ask = async (method, path, body = {}, told = () => {}) => {
    try {
      const answer = await fetch(API + path, {
        method,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      const said = await answer.json();
      if (!answer.ok) return `Not done: ${sentence(said.error)}.`;
      told(said);
      return '';
    } catch {
      return 'Not done: the server does not answer.';
    }
  };
})();

/* Requests to the API. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const API = '/api/v1/';

  /** What the page calls the fields. */
  const FIELDS = { name: 'the name', text: 'the change', seconds: 'the length', optimization: 'the optimisation' };

  /** Return what went wrong in a sentence. A rule has its field for a subject; anything else is one of its own. */
  hub.sentence = function sentence({ field, message }) {
    const bare = field && /^(must|is) /.test(message);
    return `Not done: ${bare ? `${FIELDS[field] ?? field} ` : ''}${message}.`;
  };

  /** Send it; return {said} or {error: {message, field, code}}. */
  hub.request = async (method, path, body) => {
    const sent = body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    try {
      const answer = await fetch(API + path, { method, ...sent });
      const said = await answer.json();
      return answer.ok ? { said } : { error: said.error };
    } catch {
      return { error: { message: 'the server does not answer' } };
    }
  };

  /** Send what changes something; return what went wrong in a sentence, '' when nothing did. `told` gets the answer. */
  hub.ask = async (method, path, body = {}, told = () => {}) => {
    const { error, said } = await hub.request(method, path, body);
    if (error) return hub.sentence(error);
    told(said);
    return '';
  };
})();

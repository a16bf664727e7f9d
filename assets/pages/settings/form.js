/* A form made of a table of its fields; what the API refuses stands beside the field that it names. */
(function () {
  'use strict';
  const hub = (window.hubMonitor ??= {});

  const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
  const TYPES = { password: 'password', time: 'time' };

  /** What was typed as a number where it is one; anything else as it is, for the API to refuse. */
  function number(text) {
    const plain = text.replace('\u2212', '-');
    return NUMBER.test(plain) ? Number(plain) : plain;
  }

  function control({ kind = 'text', options = [], placeholder, most = 320 }, id) {
    if (kind === 'select') {
      return hub.make('select', { id, class: 'dialog__input' }, ...options.map(([value, text]) => hub.make('option', { value, text })));
    }
    if (kind === 'check') return hub.make('input', { id, type: 'checkbox', class: 'form__check' });
    return hub.make('input', {
      id, placeholder, class: 'dialog__input', type: TYPES[kind] ?? 'text', maxlength: most, spellcheck: 'false',
      inputmode: kind === 'number' ? 'decimal' : null, autocomplete: kind === 'password' ? 'new-password' : 'off',
    });
  }

  hub.Form = class Form {
    #root;
    #fields;
    #prefix;

    /** `fields`: {name, title, kind (text, number, select, check, password, time), options, size, help, placeholder, most}. */
    constructor(root, prefix, fields) {
      this.#root = root;
      this.#prefix = prefix;
      this.#fields = fields;
      root.replaceChildren(...fields.map((field) => this.#made(field)));
    }

    #made(field) {
      const id = this.#id(field.name);
      const input = control(field, id);
      input.setAttribute('aria-describedby', `${id}-help ${id}-wrong`);
      const check = field.kind === 'check' ? ' form__field--check' : '';
      return hub.make(
        'div',
        { class: `form__field form__field--${field.size ?? 'wide'}${check}`, 'data-field': field.name },
        hub.make('label', { for: id, text: field.title }),
        input,
        hub.make('small', { id: `${id}-help`, class: 'form__help', text: field.help ?? '' }),
        hub.make('p', { id: `${id}-wrong`, class: 'form__wrong', role: 'alert' }),
      );
    }

    #id(name) {
      return `${this.#prefix}-field-${name.replace('.', '-')}`;
    }

    input(name) {
      return document.getElementById(this.#id(name));
    }

    help(name, words) {
      const place = document.getElementById(`${this.#id(name)}-help`);
      if (place.textContent !== words) place.textContent = words;
    }

    show(name, shown) {
      this.#root.querySelector(`[data-field="${name}"]`).hidden = !shown;
    }

    fill(values) {
      this.calm();
      for (const { name, kind } of this.#fields) {
        const value = values[name];
        if (kind === 'check') this.input(name).checked = value === true;
        else this.input(name).value = value ?? '';
      }
    }

    /** {name: value}: numbers where they are, null where nothing is written. */
    read() {
      const read = ({ name, kind }) => {
        const input = this.input(name);
        if (kind === 'check') return input.checked;
        const text = kind === 'password' ? input.value : input.value.trim();
        if (text === '') return null;
        return kind === 'number' ? number(text) : text;
      };
      return Object.fromEntries(this.#fields.map((field) => [field.name, read(field)]));
    }

    calm() {
      for (const { name } of this.#fields) {
        document.getElementById(`${this.#id(name)}-wrong`).textContent = '';
        this.input(name).removeAttribute('aria-invalid');
      }
    }

    /** Show what is wrong beside its field; tell whether there is such a one. */
    refuse({ field, message }) {
      if (!this.#fields.some(({ name }) => name === field)) return false;
      const input = this.input(field);
      document.getElementById(`${this.#id(field)}-wrong`).textContent = `${message[0].toUpperCase()}${message.slice(1)}.`;
      input.setAttribute('aria-invalid', 'true');
      input.focus();
      return true;
    }
  };

  /** The dialog around a form: opened for one thing, saved by its button or Enter, closed when the API has taken it. */
  hub.Editor = class Editor {
    #name;
    #save;
    #form = null;
    #busy = false;

    /** `save(values)` sends them and returns the API's error, null where there is none. */
    constructor(name, save) {
      this.#name = name;
      this.#save = save;
      this.#element('save').addEventListener('click', () => this.#send());
      this.#element('dialog').addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' || !event.target.matches('input')) return;
        event.preventDefault();
        this.#send();
      });
    }

    #element(name) {
      return document.getElementById(`${this.#name}-${name}`);
    }

    /** `form()` is the form that is shown then. */
    open(title, form) {
      this.#form = form;
      this.#element('dialog-title').textContent = title;
      this.#element('error').textContent = '';
      this.#element('dialog').showModal();
      this.#element('fields').querySelector('input, select').focus();
    }

    async #send() {
      if (this.#busy) return;
      this.#busy = true;
      const form = this.#form();
      form.calm();
      this.#element('error').textContent = '';
      const error = await this.#save(form.read());
      this.#busy = false;
      if (!error) this.#element('dialog').close();
      else if (!form.refuse(error)) this.#element('error').textContent = hub.sentence(error);
    }
  };
})();

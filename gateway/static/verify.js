/* The square on a paper holds the code behind a #, which never leaves the browser: put it into the form, and forget it. */
"use strict";
const code = location.hash.slice(1);
if (/^[0-9A-Za-z-]{20,40}$/.test(code)) {
  const form = document.querySelector("[data-code-form]");
  form.elements.code.value = code;
  form.querySelector("[data-read]").hidden = false;
  form.querySelector("button").focus();
  history.replaceState(null, "", location.pathname);
}

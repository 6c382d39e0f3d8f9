/* Does the sum that a busy moment asks for: ALTCHA's proof of work, version 2, in PBKDF2. Nobody else is asked. */
"use strict";
const form = document.querySelector("[data-challenge]");
const said = form.querySelector("[role=status]");

const fromHex = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const toHex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function derive(password, { salt, cost, keyLength }) {
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: fromHex(salt), iterations: cost };
  return toHex(await crypto.subtle.deriveBits(how, key, keyLength * 8));
}

async function solve(challenge) {
  const nonce = fromHex(challenge.parameters.nonce);
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  for (let counter = 0; ; counter += 1) {
    new DataView(password.buffer).setUint32(nonce.length, counter);
    const derivedKey = await derive(password, challenge.parameters);
    if (derivedKey.startsWith(challenge.parameters.keyPrefix)) return { counter, derivedKey };
  }
}

if (window.crypto && crypto.subtle) {
  said.textContent = form.dataset.working;
  const challenge = JSON.parse(form.dataset.challenge);
  solve(challenge).then((solution) => {
    form.elements.solution.value = btoa(JSON.stringify({ challenge, solution }));
    said.textContent = form.dataset.ready;
    form.requestSubmit();
  });
}

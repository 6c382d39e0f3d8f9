/* Small comforts; every page works without them. */
"use strict";
document.documentElement.classList.add("js");

// The visitor's own time zone, until he chooses one himself.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const told = document.cookie.split("; ").some((part) => part.startsWith("balie_zone="));
if (zone && !told) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `balie_zone=${zone}; Path=/; Max-Age=15552000; SameSite=Lax${secure}`;
  const asked = document.querySelector("[data-zone]");
  if (asked && asked.dataset.zone !== zone && document.cookie.includes("balie_zone=")) location.reload();
}

// Two minutes before a held time is over, say so; when it is over, go to the page with times.
const hold = document.querySelector("[data-hold-seconds]");
if (hold) {
  const end = performance.now() + Number(hold.dataset.holdSeconds) * 1000;
  const said = hold.querySelector("[role=status]");
  const timer = setInterval(() => {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (left <= 120 && !said.textContent) said.textContent = hold.dataset.warning;
    if (left <= 0) {
      said.textContent = hold.dataset.over;
      clearInterval(timer);
    }
  }, 1000);
}

// A print button only where there is something to press.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// One press is enough; the server would notice the second one anyway.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 3000);
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

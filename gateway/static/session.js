/* Warns two minutes before a session is over, and keeps it awake when asked. The page works without it. */
"use strict";
const bar = document.querySelector(".session[data-seconds]");
if (bar) {
  const notice = bar.querySelector(".notice");
  const stay = document.getElementById("stay");
  let end = 0;

  const begin = (from) => {
    end = performance.now() + Number(from.dataset.seconds) * 1000;
    bar.dataset.warning = from.dataset.warning;
    bar.querySelector(".until").textContent = from.querySelector(".until").textContent;
  };
  const tell = () => {
    const left = (end - performance.now()) / 1000;
    const text = left <= 0 ? bar.dataset.over : left <= 120 ? bar.dataset.warning : "";
    if (notice.textContent !== text) notice.textContent = text;
  };
  begin(bar);
  setInterval(tell, 1000);
  document.addEventListener("visibilitychange", tell);

  // In the background, so that what was typed stays; when that fails, the form itself opens another page.
  if (stay) stay.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(stay.action, { method: "POST", body: new FormData(stay) }).catch(() => null);
    if (!answer || !answer.ok) return stay.submit();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const renewed = page.querySelector(".session[data-seconds]");
    if (renewed) begin(renewed);
    else end = 0;
    tell();
  });
}

/* A picture pasted or dropped into an article's text is sent, and its line put where the cursor is.
   Without it the form below does the same (templates/knowledge/article_edit.html). */
(function () {
  "use strict";
  var part = document.querySelector("[data-pictures]"), said = document.querySelector("[data-pictures-said]");
  var body = part && part.querySelector("textarea[name=body]");
  if (!body) return;

  function say(words) { if (said) said.textContent = words; }
  function put(line) {
    body.setRangeText(line, body.selectionStart, body.selectionEnd, "end");
    body.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function send(file) {
    var sent = new FormData();
    sent.append("image", file);
    say("Sending the picture…");
    fetch(part.dataset.pictures, {
      method: "POST", body: sent, credentials: "same-origin",
      headers: { Accept: "application/json", "X-CSRFToken": part.closest("form").querySelector("[name=csrfmiddlewaretoken]").value }
    }).then(function (answer) {
      return answer.json();
    }).then(function (told) {
      if (told.markdown) { put(told.markdown); say("The picture is in the text. Say in the brackets what it shows."); }
      else say(told.error);
    }).catch(function () { say("The picture did not reach us. Paste it again."); });
  }
  function take(event, files) {
    var pictures = Array.prototype.filter.call(files || [], function (one) { return one.type.indexOf("image/") === 0; });
    if (!pictures.length) return;
    event.preventDefault();
    pictures.forEach(send);
  }
  body.addEventListener("paste", function (event) {
    /* An office program copies a picture of the words beside the words. */
    if (event.clipboardData && !event.clipboardData.types.includes("text/plain")) take(event, event.clipboardData.files);
  });
  body.addEventListener("dragover", function (event) { if (event.dataTransfer.types.indexOf("Files") >= 0) event.preventDefault(); });
  body.addEventListener("drop", function (event) { take(event, event.dataTransfer.files); });
})();

import { postForm } from "./http.js";
import { fileSize } from "./lib/file-size.js";
import { UploadList } from "./lib/upload-list.js";
import { csrfToken, text } from "./page.js";
import { askToSignIn } from "./behaviours/signed-out.js";

const lists = new Map();

/** The uploads of a conversation: they go on while another one is open. */
export function uploadsOf(conversationId, { accept = "", maxSize = Infinity } = {}) {
  if (!lists.has(conversationId)) {
    lists.set(conversationId, new UploadList({
      upload,
      check: (file) => refusalOf(file, accept, maxSize),
      discard: (id) => postForm(`/uploads/${id}/discard`, {}),
      tooMany: text("too-many-files", { count: 5 }),
    }));
  }
  return lists.get(conversationId);
}

/** Why a file is not even tried, or "". */
function refusalOf(file, accept, maxSize) {
  const ending = file.name.includes(".") ? `.${file.name.split(".").pop().toLowerCase()}` : "";
  if (accept && !accept.split(",").includes(ending)) return text("file-type");
  if (file.size === 0) return text("file-empty");
  if (file.size > maxSize) return text("file-too-large", { size: fileSize(maxSize) });
  return "";
}

/** Uploads one file; answers its attachment, or throws an Error with words for a person. fetch tells no progress. */
export function upload(file, { onProgress = () => {}, signal } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", file, file.name);
    request.open("POST", "/uploads");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("X-Requested-With", "fetch");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded }) => onProgress(Math.min(loaded, file.size));
    request.onload = () => {
      if (request.status === 201) return resolve(request.response);
      if (request.status === 401 || request.response?.code === "form_expired") askToSignIn();
      return reject(new Error(request.response?.errors?.[0]?.message ?? request.response?.message ?? text("upload-failed")));
    };
    request.onerror = request.ontimeout = () => reject(new Error(text("upload-failed")));
    request.onabort = () => reject(new Error(""));
    signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

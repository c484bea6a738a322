export const bearsFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files") ?? false;

// A file that misses the place for files is not opened in place of the page.
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => {
    if (event.defaultPrevented || !bearsFiles(event) || event.target.closest?.("input[type=file]")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "none";
  });
}

/** What a new message sounds like: notes as [start in seconds, frequency in hertz]. */
const TUNES = {
  soft: [[0, 523.25], [0.09, 659.25]],
  bright: [[0, 880], [0.08, 1174.66], [0.16, 1567.98]],
};
const LOUDNESS = 0.08;
const LENGTH = 0.35;

let context = null;

/** Plays one of the sounds; "none" is none. Browsers are silent until the page has been clicked once. */
export function play(sound) {
  const tune = TUNES[sound];
  if (!tune) return;
  document.dispatchEvent(new CustomEvent("sound-played", { detail: sound }));
  context ??= new AudioContext();
  context.resume().catch(() => {});
  for (const [start, frequency] of tune) ring(context.currentTime + start, frequency);
}

function ring(at, frequency) {
  const note = new OscillatorNode(context, { type: "sine", frequency });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.01);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH);
  note.connect(volume).connect(context.destination);
  note.start(at);
  note.stop(at + LENGTH);
}

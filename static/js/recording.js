// In this order: what Chromium and Firefox record, then what Safari does.
const TYPES = [["audio/webm;codecs=opus", "webm"], ["audio/ogg;codecs=opus", "ogg"], ["audio/mp4", "m4a"]];
const LEVELS_A_SECOND = 20;

/** Whether this browser can record at all. */
export const canRecord = () => Boolean(globalThis.MediaRecorder && navigator.mediaDevices?.getUserMedia);

/**
 * A recording from the microphone. `onLevel` gets how loud it is, from 0 to 1, twenty times a second; `stop` answers
 * {file, duration in ms}. The constructor's promise is `Recording.begin`, which rejects as getUserMedia does.
 */
export class Recording {
  #stream;
  #recorder;
  #context;
  #parts = [];
  #timer;
  #started = performance.now();
  #ending;

  static async begin({ onLevel }) {
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    return new Recording(await navigator.mediaDevices.getUserMedia({ audio }), onLevel);
  }

  constructor(stream, onLevel) {
    this.#stream = stream;
    const [type, ending] = TYPES.find(([name]) => MediaRecorder.isTypeSupported(name)) ?? ["", "webm"];
    this.#ending = ending;
    this.#recorder = new MediaRecorder(stream, type ? { mimeType: type, audioBitsPerSecond: 32_000 } : {});
    this.#recorder.addEventListener("dataavailable", ({ data }) => this.#parts.push(data));
    this.#recorder.start();
    this.#listen(onLevel);
  }

  get duration() {
    return performance.now() - this.#started;
  }

  async stop() {
    const duration = this.duration;
    // It has stopped by itself where the microphone was unplugged.
    if (this.#recorder.state !== "inactive") {
      const stopped = new Promise((resolve) => this.#recorder.addEventListener("stop", resolve, { once: true }));
      this.#recorder.stop();
      await stopped;
    }
    this.#release();
    const type = this.#recorder.mimeType.split(";")[0];
    return { file: new File(this.#parts, `voice.${this.#ending}`, { type }), duration };
  }

  cancel() {
    if (this.#recorder.state !== "inactive") this.#recorder.stop();
    this.#release();
  }

  #listen(onLevel) {
    this.#context = new AudioContext();
    const analyser = new AnalyserNode(this.#context, { fftSize: 1024 });
    this.#context.createMediaStreamSource(this.#stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      onLevel(Math.min(Math.sqrt(power) * 3, 1));
    }, 1000 / LEVELS_A_SECOND);
  }

  /** The sign of an open microphone goes from the browser's tab. */
  #release() {
    clearInterval(this.#timer);
    this.#context.close();
    for (const track of this.#stream.getTracks()) track.stop();
  }
}

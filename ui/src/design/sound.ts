/** Sounds of the counter. They differ in pitch, length and number, so they differ to every ear. */
export type Sound = 'scan' | 'refused' | 'done';

interface Note {
  /** Hertz. */
  pitch: number;
  /** Seconds after the first note. */
  at: number;
  /** Seconds. */
  length: number;
  shape: OscillatorType;
}

const NOTES: Record<Sound, Note[]> = {
  scan: [{ pitch: 1760, at: 0, length: 0.06, shape: 'sine' }],
  refused: [
    { pitch: 196, at: 0, length: 0.16, shape: 'square' },
    { pitch: 147, at: 0.2, length: 0.24, shape: 'square' },
  ],
  done: [
    { pitch: 880, at: 0, length: 0.07, shape: 'sine' },
    { pitch: 1319, at: 0.08, length: 0.1, shape: 'sine' },
  ],
};

let context: AudioContext | undefined;

/** Plays a sound; a machine without one stays silent. */
export function play(sound: Sound): void {
  try {
    context ??= new AudioContext();
    if (context.state === 'suspended') void context.resume().catch(() => undefined);
    for (const note of NOTES[sound]) ring(context, note);
  } catch {
    // Selling goes on without sound.
  }
}

function ring(audio: AudioContext, note: Note): void {
  const start = audio.currentTime + note.at;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = note.shape;
  tone.frequency.value = note.pitch;
  // A short ramp at both ends keeps the loudspeaker from clicking.
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.12, start + 0.008);
  volume.gain.setValueAtTime(0.12, start + note.length - 0.012);
  volume.gain.linearRampToValueAtTime(0, start + note.length);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + note.length);
}

/** What a person takes for one character. */

/** Made when first needed: ICU reads its tables then, 9 ms of a start-up that mostly has no use for them. */
let segmenter: Intl.Segmenter | undefined;

/** The grapheme clusters of `text`, each with its index. */
export function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/**
 * What a user gave can be used, and leaves more images than can be listed or compared. The message says where and what to do. A
 * `RangeError`, which callers that can go on without images catch; elsewhere the command line prints it and exits with 2.
 */
export class TooManyImagesError extends RangeError {
  override readonly name = 'TooManyImagesError';
}

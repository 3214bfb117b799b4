package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.Field;

/** What numbers of JSON mean for fields that are no numbers, and texts for fields that are. */
interface JsonNumbers {
  /** A number is a time in milliseconds since the epoch; a decimal in quotes is its digits. */
  JsonNumbers PLAIN =
      new JsonNumbers() {
        @Override
        public long microsPerUnit(Field field) {
          return 1000;
        }

        @Override
        public int scaleOfBytes(String field) {
          return -1;
        }
      };

  /** Microseconds of one unit, for a field that is a date or timestamp. */
  long microsPerUnit(Field field);

  /**
   * Digits after the point of a decimal that is written as its unscaled value's bytes in Base64; -1
   * where it is not.
   */
  int scaleOfBytes(String field);
}

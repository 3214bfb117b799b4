package io.fluxcore.application.connector;

/**
 * A record that a source could not decode, as it was.
 *
 * @param bytes the original bytes; an enormous record's first part
 * @param coordinates where it was: {@code access.log:4711}, {@code events-3@1099}
 * @param code stable code of the error
 * @param message what is wrong with it
 */
public record BadRecord(byte[] bytes, String coordinates, String code, String message) {}

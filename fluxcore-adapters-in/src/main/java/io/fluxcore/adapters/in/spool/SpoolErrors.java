package io.fluxcore.adapters.in.spool;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be wrong with a spool, in words that help. */
final class SpoolErrors {
  static final String FULL = "FLX-SPOOL-0001";
  static final String NOT_WRITTEN = "FLX-SPOOL-0002";
  static final String BROKEN = "FLX-SPOOL-0003";
  static final String DAMAGED = "FLX-SPOOL-0004";
  static final String NO_SUCH_OFFSET = "FLX-SPOOL-0005";
  static final String IN_USE = "FLX-SPOOL-0006";
  static final String NOT_OPENED = "FLX-SPOOL-0007";

  private SpoolErrors() {}

  static SpoolFull full(Path directory, long used, long more, long maxBytes) {
    return new SpoolFull(
        FULL,
        "the spool "
            + directory
            + " holds "
            + used
            + " bytes and has no room for "
            + more
            + " more: its limit is "
            + maxBytes,
        "it is emptied by completed checkpoints: see that the job makes them (checkpointInterval)"
            + " and keeps up, or raise the limit",
        null);
  }

  static SpoolFull notWritten(Path directory, IOException e) {
    return new SpoolFull(
        NOT_WRITTEN,
        "the spool " + directory + " cannot be written: " + e.getMessage(),
        "make room on its disk; nothing of these records was taken",
        e);
  }

  static FluxCoreException broken(Path directory, @Nullable Throwable cause) {
    return external(
        BROKEN,
        "the spool "
            + directory
            + (cause == null ? " is closed" : " takes nothing any more: " + cause.getMessage()),
        cause == null
            ? "the job that reads it has ended"
            : "check the disk; it is checked and used again when the job is restarted",
        cause);
  }

  static FluxCoreException damaged(Path file, long offset, String what) {
    return external(
        DAMAGED,
        "the spool's file " + file + " is damaged at record " + offset + ": " + what,
        "restore the file, or take the directory away to begin with an empty spool",
        null);
  }

  static FluxCoreException noSuchOffset(Path directory, long offset, long first, long end) {
    return external(
        NO_SUCH_OFFSET,
        "the spool "
            + directory
            + " has records "
            + first
            + " to "
            + end
            + ", so reading cannot go on from "
            + offset,
        "put back the directory that was read when the checkpoint was taken",
        null);
  }

  static FluxCoreException inUse(Path directory) {
    return new FluxCoreException(
        ErrorCategory.STATE_CONFLICT,
        Diagnostic.error(
            IN_USE,
            Place.of("spool"),
            "the spool " + directory + " is in use by another stream or process",
            "give each stream a directory of its own"));
  }

  static FluxCoreException notOpened(Path directory, IOException e) {
    return external(
        NOT_OPENED,
        "the spool " + directory + " cannot be opened: " + e,
        "give a directory that this user may write to",
        e);
  }

  private static FluxCoreException external(
      String code, String message, String remedy, @Nullable Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(Diagnostic.error(code, Place.of("spool"), message, remedy)),
        cause);
  }
}

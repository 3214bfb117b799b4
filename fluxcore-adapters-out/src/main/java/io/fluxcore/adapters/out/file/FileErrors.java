package io.fluxcore.adapters.out.file;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What the file system refuses, in words that help. */
final class FileErrors {
  static final String NOT_WRITABLE = "FLX-FILE-0101";
  static final String NO_SPACE = "FLX-FILE-0102";
  static final String WRITE_FAILED = "FLX-FILE-0103";

  private FileErrors() {}

  /**
   * @param doing what was tried: "write"
   * @param kept what became of the rows so far
   */
  static FluxCoreException of(IOException e, String doing, Path path, String kept) {
    String reason =
        e instanceof FileSystemException f && f.getReason() != null
            ? f.getReason()
            : String.valueOf(e.getMessage());
    if (e instanceof AccessDeniedException || e instanceof FileAlreadyExistsException) {
      String why =
          e instanceof AccessDeniedException ? "permission denied" : "it is not a directory";
      return error(
          ErrorCategory.USER,
          NOT_WRITABLE,
          "cannot " + doing + " " + path + ": " + why + "; " + kept,
          "let this user write there, or choose another path",
          e);
    }
    String folded = reason.toLowerCase(Locale.ROOT);
    if (folded.contains("read-only") || folded.contains("permission denied")) {
      return error(
          ErrorCategory.USER,
          NOT_WRITABLE,
          "cannot " + doing + " " + path + ": " + reason + "; " + kept,
          "let this user write there, or choose another path",
          e);
    }
    if (folded.contains("no space left") || folded.contains("quota")) {
      return error(
          ErrorCategory.RESOURCE,
          NO_SPACE,
          "cannot " + doing + " " + path + ": " + reason + "; " + kept,
          "make room on the disk; the job can go on from its last checkpoint",
          e);
    }
    return error(
        ErrorCategory.EXTERNAL,
        WRITE_FAILED,
        "cannot " + doing + " " + path + ": " + reason + "; " + kept,
        "check the disk and the path",
        e);
  }

  static FluxCoreException isDirectory(Path path) {
    return FluxCoreException.user(
        NOT_WRITABLE,
        Place.of("path"),
        path + " is a directory",
        "give the name of a file, such as " + path.resolve("part.json"));
  }

  static FluxCoreException isSpecial(Path path) {
    return FluxCoreException.user(
        NOT_WRITABLE,
        Place.of("path"),
        path + " is a device, a pipe or a directory; the sink replaces only ordinary files",
        "give the name of a file, or write to the console and redirect its output");
  }

  /** A directory that cannot be written to, before anything was tried. */
  static FluxCoreException notWritable(Path path, Path directory, String why) {
    return FluxCoreException.user(
        NOT_WRITABLE,
        Place.of("path"),
        "cannot write " + path + ": " + directory + " " + why,
        "let this user write there, or choose another path");
  }

  private static FluxCoreException error(
      ErrorCategory category, String code, String message, String remedy, IOException cause) {
    return new FluxCoreException(
        category, List.of(Diagnostic.error(code, Place.of("path"), message, remedy)), cause);
  }
}

package io.fluxcore.adapters.in.file;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipException;

/** What can be wrong with files, in words that help. */
final class FileErrors {
  static final String NOT_FOUND = "FLX-FILE-0001";
  static final String NOT_READABLE = "FLX-FILE-0002";
  static final String DAMAGED = "FLX-FILE-0003";
  static final String READ_FAILED = "FLX-FILE-0004";
  static final String WRONG_POSITION = "FLX-FILE-0005";
  static final String FILE_LOST = "FLX-FILE-0006";

  private FileErrors() {}

  static FluxCoreException notFound(String path) {
    return FluxCoreException.user(
        NOT_FOUND,
        Place.of("path"),
        "there is no file " + path + " (" + Path.of(path).toAbsolutePath().normalize() + ")",
        "check the path; a relative one starts at the directory that the job was started in");
  }

  static FluxCoreException noMatch(String pattern) {
    return FluxCoreException.user(
        NOT_FOUND,
        Place.of("path"),
        "no file matches " + pattern,
        "check the pattern; * stays within a directory, ** does not, and hidden files are left out");
  }

  static FluxCoreException directory(Path path) {
    return FluxCoreException.user(
        NOT_READABLE,
        Place.of("path"),
        path + " is a directory",
        "read its files with " + path.resolve("*"));
  }

  static FluxCoreException notReadable(Path path) {
    return FluxCoreException.user(
        NOT_READABLE,
        Place.of("path"),
        path + " cannot be read: permission denied",
        "let this user read it");
  }

  static FluxCoreException wrongPosition(Path path, String position, String why) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        Diagnostic.error(
            WRONG_POSITION,
            Place.of("path"),
            path + " cannot be read on from " + position + ": " + why,
            "put back the file that was read when the checkpoint was taken"));
  }

  /** Reading of a container file failed. */
  static FluxCoreException readingBlocks(IOException e, Path path) {
    if (e instanceof NoSuchFileException) {
      return notFound(path.toString());
    }
    if (e instanceof AccessDeniedException) {
      return notReadable(path);
    }
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                DAMAGED,
                Place.of("path"),
                path + " cannot be read on: " + e.getMessage(),
                "get a whole copy of the file; the records before are good")),
        e);
  }

  /**
   * Reading failed.
   *
   * @param line that reading had come to
   */
  static FluxCoreException reading(IOException e, Path path, long line) {
    if (e instanceof NoSuchFileException) {
      return notFound(path.toString());
    }
    if (e instanceof AccessDeniedException) {
      return notReadable(path);
    }
    boolean damaged = e instanceof EOFException || e instanceof ZipException;
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                damaged ? DAMAGED : READ_FAILED,
                Place.of("path"),
                path
                    + " cannot be read behind line "
                    + (line - 1)
                    + ": "
                    + (e instanceof EOFException
                        ? "the compressed data ends too early"
                        : String.valueOf(e.getMessage())),
                damaged
                    ? "get a whole copy of the file; the records before are good"
                    : "check the disk; reading can go on from the last checkpoint")),
        e);
  }
}

package io.fluxcore.adapters.in.jobfile.text;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Files and texts of YAML or JSON, as trees. */
public final class StructuredText {
  /** A file larger than this is refused: 1 MiB. */
  public static final int MAX_BYTES = 1 << 20;

  private StructuredText() {}

  /**
   * The text of a file.
   *
   * @throws FluxCoreException if it cannot be read, is too large, or is not UTF-8
   */
  public static String read(Path file) {
    byte[] bytes;
    if (Files.isDirectory(file)) {
      throw unreadable(file, "it is a directory");
    }
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw unreadable(file, "there is no such file");
    } catch (AccessDeniedException e) {
      throw unreadable(file, "it may not be read (permission denied)");
    } catch (IOException e) {
      throw unreadable(file, String.valueOf(e.getMessage()));
    }
    if (bytes.length > MAX_BYTES) {
      throw FluxCoreException.user(
          "FLX-JOBFILE-0002",
          Place.WHOLE,
          file + " is larger than 1 MiB, which no job file needs",
          "check that this is the job file and not its data");
    }
    return decode(file, bytes);
  }

  private static FluxCoreException unreadable(Path file, String why) {
    return FluxCoreException.user(
        "FLX-JOBFILE-0001",
        Place.WHOLE,
        "the job file " + file + " cannot be read: " + why,
        "check the path; relative ones start at " + Path.of("").toAbsolutePath());
  }

  private static String decode(Path file, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result = decoder.decode(in, out, true);
    out.flip();
    if (result.isError()) {
      String before = out.toString();
      throw FluxCoreException.user(
          "FLX-JOBFILE-0003",
          new LineIndex(before).placeOf(before.length()),
          file + " is not UTF-8: there is a byte 0x" + hex(bytes[in.position()]) + " here",
          "save the file as UTF-8");
    }
    return out.toString();
  }

  private static String hex(byte b) {
    return String.format(Locale.ROOT, "%02x", b);
  }

  /**
   * The tree of a text: JSON where the name ends in {@code .json}, YAML otherwise.
   *
   * @param name of the file, for messages
   * @throws FluxCoreException if it is not well-formed, or empty
   */
  public static TextNode parse(String name, String text) {
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    boolean json = name.toLowerCase(Locale.ROOT).endsWith(".json");
    TextNode root = json ? JsonText.parse(content) : YamlText.parse(content, name);
    if (root == null || (root instanceof TextNode.Scalar scalar && scalar.value() == null)) {
      throw TextErrors.empty(name);
    }
    return root;
  }
}

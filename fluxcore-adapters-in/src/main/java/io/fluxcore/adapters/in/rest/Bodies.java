package io.fluxcore.adapters.in.rest;

import io.fluxcore.adapters.in.jobfile.text.StructuredText;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Reads the bodies of requests, up to a size and in UTF-8. */
final class Bodies {
  /** A body of settings is no larger than this: 64 KiB. */
  private static final int MAX_SETTINGS_BYTES = 1 << 16;

  private Bodies() {}

  /** A job file. */
  static String jobFile(HttpServletRequest request) throws IOException {
    return text(bytes(request, StructuredText.MAX_BYTES));
  }

  /** A text in UTF-8. */
  static String text(HttpServletRequest request, int maxBytes) throws IOException {
    return text(bytes(request, maxBytes));
  }

  /** Settings, or null if the body is empty. */
  static <T> @Nullable T settings(HttpServletRequest request, Class<T> type) throws IOException {
    return settings(request, type, MAX_SETTINGS_BYTES);
  }

  /** Settings of up to a size, or null if the body is empty. */
  static <T> @Nullable T settings(HttpServletRequest request, Class<T> type, int maxBytes)
      throws IOException {
    byte[] body = bytes(request, maxBytes);
    return body.length == 0 ? null : parse(text(body), type);
  }

  /** Settings in a text. */
  static <T> T parse(String text, Class<T> type) {
    T settings;
    try {
      settings = Json.MAPPER.readValue(text, type);
    } catch (UnrecognizedPropertyException e) {
      throw Refused.invalid(
          List.of(Problem.Fault.at(pointer(e), "there is no such member")),
          "members are "
              + e.getKnownPropertyIds().stream()
                  .map(String::valueOf)
                  .sorted()
                  .collect(Collectors.joining(", ")));
    } catch (JacksonException e) {
      throw malformed(e);
    }
    if (settings == null) {
      throw Refused.invalid(List.of(Problem.Fault.at("", "is null")), "send a JSON object");
    }
    return settings;
  }

  private static Refused malformed(JacksonException error) {
    String problem = firstLine(error.getOriginalMessage());
    if (!error.getPath().isEmpty()) {
      return Refused.invalid(
          List.of(Problem.Fault.at(pointer(error), problem)), "see /api/v1/openapi.json");
    }
    TokenStreamLocation at = error.getLocation();
    String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    return new Refused(
        HttpStatus.BAD_REQUEST,
        "FLX-REST-0001",
        "the body is not the JSON that is wanted" + where + ": " + problem,
        "send a JSON object; see /api/v1/openapi.json");
  }

  private static String firstLine(@Nullable String text) {
    String whole = text == null ? "" : text;
    int end = whole.indexOf('\n');
    String line = end < 0 ? whole : whole.substring(0, end);
    return line.length() <= 300 ? line : line.substring(0, 300) + "…";
  }

  private static String pointer(JacksonException error) {
    return error.getPath().stream()
        .map(
            part ->
                part.getPropertyName() == null
                    ? String.valueOf(part.getIndex())
                    : part.getPropertyName().replace("~", "~0").replace("/", "~1"))
        .collect(Collectors.joining("/", "/", ""));
  }

  /** The body, for reading piece by piece. */
  static InputStream open(HttpServletRequest request, int maxBytes) throws IOException {
    checkEncoding(request);
    if (request.getContentLengthLong() > maxBytes) {
      throw tooLarge(maxBytes);
    }
    return new LimitedStream(request.getInputStream(), maxBytes);
  }

  /** A body of any size and any bytes, for reading piece by piece. */
  static InputStream binary(HttpServletRequest request) throws IOException {
    checkEncoding(request);
    return request.getInputStream();
  }

  private static byte[] bytes(HttpServletRequest request, int maxBytes) throws IOException {
    return open(request, maxBytes).readAllBytes();
  }

  private static void checkEncoding(HttpServletRequest request) {
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new Refused(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "FLX-REST-0008",
          "Content-Encoding '" + encoding + "' is not taken",
          "send the body as it is");
    }
    String charset = charsetOf(request);
    if (!charset.equals("utf-8") && !charset.equals("us-ascii")) {
      throw new Refused(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "FLX-REST-0008",
          "charset '" + charset + "' is not taken",
          "send the body in UTF-8");
    }
  }

  private static String charsetOf(HttpServletRequest request) {
    String type = request.getContentType();
    int at = type == null ? -1 : type.toLowerCase(Locale.ROOT).indexOf("charset=");
    if (type == null || at < 0) {
      return "utf-8";
    }
    String rest = type.substring(at + "charset=".length());
    int end = rest.indexOf(';');
    return (end < 0 ? rest : rest.substring(0, end))
        .replace("\"", "")
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Refused(
          HttpStatus.BAD_REQUEST,
          "FLX-REST-0001",
          "the body is not UTF-8",
          "send the body in UTF-8");
    }
  }

  private static Refused tooLarge(int maxBytes) {
    return Refused.tooLarge(
        "FLX-REST-0007",
        "the body is larger than " + maxBytes + " bytes",
        "send less in a request");
  }

  /** A stream that refuses more than so many bytes. */
  private static final class LimitedStream extends InputStream {
    private final InputStream in;
    private final int limit;
    private long read;

    LimitedStream(InputStream in, int limit) {
      this.in = in;
      this.limit = limit;
    }

    @Override
    public int read() throws IOException {
      int b = in.read();
      return b < 0 ? b : counted(1, b);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = in.read(bytes, offset, length);
      return count < 0 ? count : counted(count, count);
    }

    private int counted(int bytes, int result) {
      read += bytes;
      if (read > limit) {
        throw tooLarge(limit);
      }
      return result;
    }
  }
}

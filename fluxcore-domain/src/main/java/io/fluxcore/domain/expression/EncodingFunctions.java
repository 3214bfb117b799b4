package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.BYTES;
import static io.fluxcore.domain.event.DataType.LONG;
import static io.fluxcore.domain.event.DataType.STRING;

import io.fluxcore.domain.event.DataType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Codes of characters, encodings, digests, and the parts of URLs. */
final class EncodingFunctions {
  private EncodingFunctions() {}

  static List<ScalarFunction> all() {
    List<ScalarFunction> all = new ArrayList<>();
    all.addAll(codes());
    all.addAll(urls());
    all.add(digest("md5", "MD5"));
    all.add(digest("sha1", "SHA-1"));
    all.add(digest("sha224", "SHA-224"));
    all.add(digest("sha256", "SHA-256"));
    all.add(digest("sha384", "SHA-384"));
    all.add(digest("sha512", "SHA-512"));
    all.add(
        ofTextOrBytes(
            "sha2(text, bits) → string",
            "The SHA-2 digest of 224, 256, 384 or 512 bits, in hexadecimal digits.",
            List.of(LONG),
            values -> Encodings.sha2(Encodings.bytes(values[0]), (Long) values[1])));
    return all;
  }

  private static List<ScalarFunction> codes() {
    return List.of(
        StandardFunction.ofValues(
            "ascii(text) → long",
            "The code of the first character; 0 of an empty text.",
            LONG,
            List.of(STRING),
            1,
            values -> ((String) values[0]).codePoints().findFirst().orElse(0)),
        StandardFunction.ofValues(
            "chr(code) → string",
            "The character of a code; of one above 255 that of its last eight bits, as in Flink.",
            STRING,
            List.of(LONG),
            1,
            values -> character((Long) values[0])),
        ofTextOrBytes(
            "to_base64(text) → string",
            "A text, or bytes, in Base64.",
            List.of(),
            values -> Base64.getEncoder().encodeToString(Encodings.bytes(values[0]))),
        StandardFunction.ofValues(
            "from_base64(text) → string",
            "The text of Base64; null where it is none.",
            STRING,
            List.of(STRING),
            1,
            values -> fromBase64((String) values[0])),
        StandardFunction.ofValues(
            "unhex(text) → bytes",
            "The bytes of hexadecimal digits; null where they are none.",
            BYTES,
            List.of(STRING),
            1,
            values -> Encodings.unhex((String) values[0])),
        StandardFunction.ofValues(
            "encode(text, charset) → bytes",
            "A text in US-ASCII, ISO-8859-1, UTF-8, UTF-16BE, UTF-16LE or UTF-16.",
            BYTES,
            List.of(STRING, STRING),
            2,
            values -> Encodings.encoded((String) values[0], (String) values[1])),
        StandardFunction.ofValues(
            "decode(bytes, charset) → string",
            "The text of bytes in such a character set.",
            STRING,
            List.of(BYTES, STRING),
            2,
            values -> Encodings.decoded((byte[]) values[0], (String) values[1])));
  }

  private static List<ScalarFunction> urls() {
    return List.of(
        StandardFunction.ofValues(
            "url_encode(text) → string",
            "As a form sends it.",
            STRING,
            List.of(STRING),
            1,
            values -> Encodings.urlEncoded((String) values[0])),
        StandardFunction.ofValues(
            "url_decode(text) → string",
            "The text that was encoded so; null where it is malformed.",
            STRING,
            List.of(STRING),
            1,
            values -> Encodings.urlDecoded((String) values[0])),
        StandardFunction.ofValues(
            "url_decode_recursive(text [, depth]) → string",
            "Decoded until it stays as it is, at most so often (5); null where it is malformed.",
            STRING,
            List.of(STRING, LONG),
            1,
            values ->
                Encodings.urlDecodedRecursively(
                    (String) values[0], values.length > 1 ? (Long) values[1] : 5)),
        StandardFunction.ofValues(
            "parse_url(url, part [, key]) → string",
            "HOST, PATH, QUERY, REF, PROTOCOL, FILE, AUTHORITY or USERINFO of a URL, or the value"
                + " of a key of its QUERY; null where there is none.",
            STRING,
            List.of(STRING, STRING, STRING),
            2,
            values ->
                UrlParts.part(
                    (String) values[0],
                    ((String) values[1]).toUpperCase(Locale.ROOT),
                    values.length > 2 ? (String) values[2] : null)));
  }

  private static String character(long code) {
    if (code < 0) {
      return "";
    }
    return String.valueOf((char) (code & 0xff));
  }

  private static @Nullable String fromBase64(String text) {
    try {
      return new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static ScalarFunction digest(String name, String algorithm) {
    return ofTextOrBytes(
        name + "(text) → string",
        "The " + algorithm + " digest, in hexadecimal digits.",
        List.of(),
        values -> Encodings.digest(algorithm, Encodings.bytes(values[0])));
  }

  /** A function that gives a text, and takes a text or bytes first. */
  private static ScalarFunction ofTextOrBytes(
      String signature,
      String description,
      List<DataType> others,
      StandardFunction.OfValues function) {
    return StandardFunction.typed(
        signature,
        description,
        1 + others.size(),
        1 + others.size(),
        List.of(STRING),
        (of, arguments, context) -> {
          List<DataType> parameters = new ArrayList<>();
          parameters.add(arguments.get(0).type().equals(BYTES) ? BYTES : STRING);
          parameters.addAll(others);
          return new ScalarFunction.Binding(
              STRING, parameters, StandardFunction.body(of.name(), STRING, function));
        });
  }
}

package io.fluxcore.domain.expression;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parts of a URL, by the names that Hive and Flink SQL have for them. */
final class UrlParts {
  /** RFC 3986, appendix B, with a scheme. No part of it can match in two ways. */
  private static final Pattern URL =
      Pattern.compile("^([^:/?#]+)://([^/?#]*)([^?#]*)(\\?([^#]*))?(#(.*))?$", Pattern.DOTALL);

  private UrlParts() {}

  /**
   * A part: HOST, PATH, QUERY, REF, PROTOCOL, FILE, AUTHORITY, USERINFO.
   *
   * @param key of the query, of which the value is wanted; null for the whole
   * @return null where there is none, or the text is no URL
   */
  static @Nullable String part(String url, String part, @Nullable String key) {
    Matcher matcher = URL.matcher(url);
    if (!matcher.matches()) {
      return null;
    }
    String authority = matcher.group(2);
    String query = matcher.group(5);
    if (key != null) {
      return part.equals("QUERY") && query != null ? parameter(query, key) : null;
    }
    return switch (part) {
      case "PROTOCOL" -> matcher.group(1);
      case "AUTHORITY" -> authority;
      case "HOST" -> host(authority);
      case "USERINFO" -> user(authority);
      case "PATH" -> matcher.group(3);
      case "QUERY" -> query;
      case "FILE" -> matcher.group(3) + (query == null ? "" : "?" + query);
      case "REF" -> matcher.group(7);
      default -> null;
    };
  }

  private static String host(String authority) {
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    int bracket = host.lastIndexOf(']');
    int port = host.indexOf(':', Math.max(0, bracket));
    return port < 0 ? host : host.substring(0, port);
  }

  private static @Nullable String user(String authority) {
    int at = authority.lastIndexOf('@');
    return at < 0 ? null : authority.substring(0, at);
  }

  private static @Nullable String parameter(String query, String key) {
    int from = 0;
    while (from <= query.length()) {
      int end = query.indexOf('&', from);
      String pair = query.substring(from, end < 0 ? query.length() : end);
      int equals = pair.indexOf('=');
      if (equals >= 0 && pair.substring(0, equals).equals(key)) {
        return pair.substring(equals + 1);
      }
      from = end < 0 ? query.length() + 1 : end + 1;
    }
    return null;
  }
}

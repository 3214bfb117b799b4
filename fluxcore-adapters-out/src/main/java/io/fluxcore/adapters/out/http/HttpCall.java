package io.fluxcore.adapters.out.http;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is sent.
 *
 * @param method such as {@code POST}
 * @param headers by name
 */
public record HttpCall(String method, URI uri, Map<String, String> headers, byte[] body) {
  private static final byte[] NOTHING = new byte[0];

  public static HttpCall get(URI uri) {
    return new HttpCall("GET", uri, Map.of(), NOTHING);
  }

  public static HttpCall post(URI uri, byte[] body) {
    return new HttpCall("POST", uri, Map.of(), body);
  }

  /** The same with one more header. */
  public HttpCall with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new HttpCall(method, uri, more, body);
  }

  /** The same with more headers. */
  public HttpCall with(Map<String, String> others) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.putAll(others);
    return new HttpCall(method, uri, more, body);
  }

  /** The same with another body. */
  HttpCall withBody(byte[] other) {
    return new HttpCall(method, uri, headers, other);
  }
}

package io.fluxcore.adapters.in.rest;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;

/**
 * The first to see a request of the API. Turns away pages of other web origins (which CORS alone
 * does not: a page may send without reading the answer) and forms, and makes a problem of what
 * nobody behind it has caught.
 */
final class ApiFilter implements Filter, Ordered {
  private static final Set<String> FORMS =
      Set.of("application/x-www-form-urlencoded", "multipart/form-data", "text/plain");

  private final Set<String> allowedOrigins;

  ApiFilter(RestSettings settings) {
    this.allowedOrigins = Set.copyOf(settings.allowedOrigins());
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public void doFilter(ServletRequest anyRequest, ServletResponse anyResponse, FilterChain chain)
      throws IOException, ServletException {
    if (!(anyRequest instanceof HttpServletRequest request)
        || !(anyResponse instanceof HttpServletResponse response)
        || !isOfApi(request)) {
      chain.doFilter(anyRequest, anyResponse);
      return;
    }
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Cache-Control", "no-store");
    try {
      check(request);
      chain.doFilter(request, response);
    } catch (ServletException | RuntimeException e) {
      if (response.isCommitted()) {
        throw e;
      }
      write(response, Problems.of(rootOf(e), request.getRequestURI()));
    }
  }

  /** Whether the API answers for a path. */
  static boolean isOfApi(HttpServletRequest request) {
    // As it is written, and as the container reads it: decoded, without matrix parameters.
    return isOfApi(request.getRequestURI().substring(request.getContextPath().length()))
        || isOfApi(
            request.getServletPath() + Objects.requireNonNullElse(request.getPathInfo(), ""));
  }

  private static boolean isOfApi(String path) {
    return path.equals("/api") || path.startsWith("/api/");
  }

  private static Exception rootOf(Exception error) {
    return error instanceof ServletException && error.getCause() instanceof Exception cause
        ? cause
        : error;
  }

  private void check(HttpServletRequest request) {
    String origin = request.getHeader("Origin");
    if (origin == null
        ? "cross-site".equals(request.getHeader("Sec-Fetch-Site"))
        : !allowedOrigins.contains(origin) && !isOwn(origin, request)) {
      throw new Refused(
          HttpStatus.FORBIDDEN,
          "FLX-REST-0013",
          "pages of " + (origin == null ? "other sites" : origin) + " may not use this API",
          "let the server allow that origin");
    }
    String type = mediaType(request.getContentType());
    if (type != null && FORMS.contains(type)) {
      throw new Refused(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "FLX-REST-0008",
          "bodies of type " + type + " are not taken",
          "send JSON, YAML or NDJSON, and say so in Content-Type");
    }
    if (request.getServletPath().equals(ResultSocket.PATH)
        && !"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
      throw new Refused(
          HttpStatus.UPGRADE_REQUIRED,
          "FLX-REST-0021",
          "this path speaks WebSocket",
          "connect to it with a WebSocket client, or use POST /api/v1/streams/query");
    }
  }

  private static @Nullable String mediaType(@Nullable String contentType) {
    if (contentType == null) {
      return null;
    }
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /** Whether the page comes from the address that the request went to. */
  private static boolean isOwn(String origin, HttpServletRequest request) {
    try {
      String authority = new URI(origin).getAuthority();
      return authority != null
          && authority.equalsIgnoreCase(Objects.requireNonNullElse(request.getHeader("Host"), ""));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** Writes a problem where no controller does. */
  static void write(HttpServletResponse response, Problem problem) throws IOException {
    response.resetBuffer();
    response.setStatus(problem.status());
    response.setContentType(Problem.MEDIA_TYPE);
    if (problem.retryAfterSeconds() > 0) {
      response.setIntHeader("Retry-After", problem.retryAfterSeconds());
    }
    if (problem.status() == HttpStatus.UPGRADE_REQUIRED.value()) {
      response.setHeader("Upgrade", "websocket");
    }
    response.getOutputStream().write(Json.MAPPER.writeValueAsBytes(problem));
    response.flushBuffer();
  }
}

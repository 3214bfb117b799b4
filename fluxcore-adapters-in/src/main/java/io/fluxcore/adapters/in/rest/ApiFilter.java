package io.fluxcore.adapters.in.rest;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The first to see a request of the API. Turns away pages of other web origins (which CORS alone
 * does not: a page may send without reading the answer) and forms, and makes a problem of what
 * nobody behind it has caught.
 */
final class ApiFilter extends OncePerRequestFilter implements Ordered {
  private static final Set<String> FORMS =
      Set.of("application/x-www-form-urlencoded", "multipart/form-data", "text/plain");

  /** Sixteen bytes in Base64. */
  private static final Pattern WEBSOCKET_KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");

  /** Set on requests that the API answers for, whichever way their path is written. */
  private static final String OF_API = ApiFilter.class.getName() + ".ofApi";

  private final Set<String> allowedOrigins;

  ApiFilter(RestSettings settings) {
    this.allowedOrigins = Set.copyOf(settings.allowedOrigins());
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  /** Also what the container itself tells an error page, such as of a body that breaks off. */
  @Override
  protected boolean shouldNotFilterErrorDispatch() {
    return false;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request.getDispatcherType() == DispatcherType.ERROR) {
      tellOfContainer(request, response, chain);
    } else if (isOfApi(request)) {
      answer(request, response, chain);
    } else {
      chain.doFilter(request, response);
    }
  }

  private void answer(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    request.setAttribute(OF_API, true);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Cache-Control", "no-store");
    try {
      check(request, response);
      chain.doFilter(request, response);
    } catch (ServletException | RuntimeException e) {
      if (response.isCommitted()) {
        throw e;
      }
      write(response, Problems.of(rootOf(e), request.getRequestURI()));
    }
  }

  private static void tellOfContainer(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String path)
        || !(request.getAttribute(OF_API) != null
            || isOfApi(path.substring(request.getContextPath().length())))
        || !(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code)) {
      chain.doFilter(request, response);
      return;
    }
    HttpStatus status = HttpStatus.resolve(code);
    Exception error =
        status != null && status.is4xxClientError()
            ? new Refused(
                status, "FLX-REST-0018", "the request cannot be read", "send it as HTTP says")
            : new IllegalStateException(
                "the container failed with status " + code,
                (Throwable) request.getAttribute(RequestDispatcher.ERROR_EXCEPTION));
    write(response, Problems.of(error, path));
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

  private void check(HttpServletRequest request, HttpServletResponse response) {
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
    if (request.getServletPath().equals(ResultSocket.PATH)) {
      checkHandshake(request, response);
    }
  }

  /** What would be answered without a problem behind this filter (RFC 6455, section 4.2.1). */
  private static void checkHandshake(HttpServletRequest request, HttpServletResponse response) {
    if (!request.getMethod().equals("GET")) {
      response.setHeader("Allow", "GET");
      throw new Refused(
          HttpStatus.METHOD_NOT_ALLOWED,
          "FLX-REST-0005",
          "method '" + request.getMethod() + "' is not supported",
          "connect with a WebSocket client");
    }
    String connection = Objects.requireNonNullElse(request.getHeader("Connection"), "");
    String key = Objects.requireNonNullElse(request.getHeader("Sec-WebSocket-Key"), "");
    if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))
        || !connection.toLowerCase(Locale.ROOT).contains("upgrade")
        || !"13".equals(request.getHeader("Sec-WebSocket-Version"))
        || !WEBSOCKET_KEY.matcher(key).matches()) {
      throw new Refused(
          HttpStatus.UPGRADE_REQUIRED,
          "FLX-REST-0021",
          "this path speaks WebSocket, version 13",
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
    byte[] body = Json.MAPPER.writeValueAsBytes(problem);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
    response.flushBuffer();
  }
}

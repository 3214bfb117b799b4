package io.fluxcore.adapters.in.rest;

import java.io.Serial;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** A request that the API itself turns down, before FluxCore is asked. */
final class Refused extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final HttpStatus status;
  private final String code;
  private final String hint;
  private final transient List<Problem.Fault> faults;
  private final int retryAfterSeconds;
  private final transient @Nullable PublishResource published;

  private Refused(
      HttpStatus status,
      String code,
      String detail,
      String hint,
      List<Problem.Fault> faults,
      int retryAfterSeconds,
      @Nullable PublishResource published) {
    super(detail);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.faults = List.copyOf(faults);
    this.retryAfterSeconds = retryAfterSeconds;
    this.published = published;
  }

  Refused(HttpStatus status, String code, String detail, String hint) {
    this(status, code, detail, hint, List.of(), 0, null);
  }

  /** Values that cannot be, all of them. */
  static Refused invalid(List<Problem.Fault> faults, String hint) {
    return new Refused(
        HttpStatus.BAD_REQUEST, "FLX-REST-0002", describe(faults), hint, faults, 0, null);
  }

  private static String describe(List<Problem.Fault> faults) {
    StringBuilder text = new StringBuilder();
    for (Problem.Fault fault : faults) {
      String where = fault.pointer() == null ? fault.parameter() : fault.pointer();
      text.append(text.isEmpty() ? "" : "; ").append(where).append(": ").append(fault.detail());
    }
    return text.toString();
  }

  /** One value of the query string that cannot be. */
  static Refused parameter(String name, String detail, String hint) {
    return invalid(List.of(Problem.Fault.parameter(name, detail)), hint);
  }

  /** A body that holds too much. */
  static Refused tooLarge(String code, String detail, String hint) {
    return new Refused(HttpStatus.CONTENT_TOO_LARGE, code, detail, hint);
  }

  /** Too many at the same time. */
  static Refused busy(String detail) {
    return new Refused(
        HttpStatus.TOO_MANY_REQUESTS,
        "FLX-REST-0012",
        detail,
        "try again when others have ended",
        List.of(),
        1,
        null);
  }

  /** The same, after some events were taken. */
  Refused after(PublishResource events) {
    return new Refused(status, code, detail(), hint, faults, retryAfterSeconds, events);
  }

  /** The same, to be tried again. */
  Refused retryAfter(int seconds) {
    return new Refused(status, code, detail(), hint, faults, seconds, published);
  }

  HttpStatus status() {
    return status;
  }

  String code() {
    return code;
  }

  String detail() {
    return String.valueOf(getMessage());
  }

  String hint() {
    return hint;
  }

  List<Problem.Fault> faults() {
    return faults;
  }

  /** 0: trying again does not help. */
  int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  @Nullable PublishResource published() {
    return published;
  }
}

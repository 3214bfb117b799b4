package io.fluxcore.adapters.in.cdc;

/** A change that no row can be made of. Cheap: it may come with every change. */
final class BadChange extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final String WRONG_TYPE = "FLX-CDC-0101";
  static final String UNAVAILABLE = "FLX-CDC-0102";
  static final String NO_ROW = "FLX-CDC-0103";

  private final String code;

  BadChange(String code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  String code() {
    return code;
  }
}

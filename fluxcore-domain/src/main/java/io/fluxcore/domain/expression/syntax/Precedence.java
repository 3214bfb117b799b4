package io.fluxcore.domain.expression.syntax;

/** How tightly a construct binds, loosest first. */
enum Precedence {
  OR,
  AND,
  NOT,
  COMPARISON,
  CONCATENATION,
  SUM,
  PRODUCT,
  SIGN,
  PRIMARY;

  /** What binds tighter than this binary operator. */
  Precedence tighter() {
    return switch (this) {
      case COMPARISON -> CONCATENATION;
      case CONCATENATION -> SUM;
      case SUM -> PRODUCT;
      default -> SIGN;
    };
  }
}

package io.fluxcore.domain.expression.syntax;

/** Operators between two operands; logic is a node of its own. */
public enum BinaryOperator {
  EQUAL("=", Precedence.COMPARISON),
  NOT_EQUAL("<>", Precedence.COMPARISON),
  LESS("<", Precedence.COMPARISON),
  LESS_OR_EQUAL("<=", Precedence.COMPARISON),
  GREATER(">", Precedence.COMPARISON),
  GREATER_OR_EQUAL(">=", Precedence.COMPARISON),
  DISTINCT("is distinct from", Precedence.COMPARISON),
  NOT_DISTINCT("is not distinct from", Precedence.COMPARISON),
  CONCATENATE("||", Precedence.CONCATENATION),
  ADD("+", Precedence.SUM),
  SUBTRACT("-", Precedence.SUM),
  MULTIPLY("*", Precedence.PRODUCT),
  DIVIDE("/", Precedence.PRODUCT),
  REMAINDER("%", Precedence.PRODUCT);

  private final String symbol;
  private final Precedence precedence;

  BinaryOperator(String symbol, Precedence precedence) {
    this.symbol = symbol;
    this.precedence = precedence;
  }

  /** As the canonical text writes it. */
  public String symbol() {
    return symbol;
  }

  Precedence precedence() {
    return precedence;
  }

  public boolean isArithmetic() {
    return precedence == Precedence.SUM || precedence == Precedence.PRODUCT;
  }

  public boolean isComparison() {
    return precedence == Precedence.COMPARISON;
  }

  /** The operator that gives the same answer with the operands exchanged; of a comparison. */
  public BinaryOperator mirrored() {
    return switch (this) {
      case LESS -> GREATER;
      case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
      case GREATER -> LESS;
      case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
      default -> this;
    };
  }
}

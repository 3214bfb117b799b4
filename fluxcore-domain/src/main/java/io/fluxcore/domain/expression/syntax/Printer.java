package io.fluxcore.domain.expression.syntax;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The canonical text of a tree: lower-case words, single spaces, only the parentheses that are
 * needed. It parses back to the same tree.
 */
public final class Printer {
  private final StringBuilder out = new StringBuilder();

  private Printer() {}

  public static String print(Node node) {
    Printer printer = new Printer();
    printer.write(node, Precedence.OR);
    return printer.out.toString();
  }

  /** A string as a literal. */
  public static String quoted(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  /** A field's name, in quotes only where it needs them. */
  public static String name(String name) {
    return isPlain(name) ? name : "\"" + name.replace("\"", "\"\"") + "\"";
  }

  private static boolean isPlain(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      if (!letter && !(i > 0 && c >= '0' && c <= '9')) {
        return false;
      }
    }
    return !name.isEmpty()
        && !TokenCursor.isReserved(name.toLowerCase(java.util.Locale.ROOT))
        && !isTrimSide(name);
  }

  private static boolean isTrimSide(String name) {
    return name.equalsIgnoreCase("both")
        || name.equalsIgnoreCase("leading")
        || name.equalsIgnoreCase("trailing");
  }

  /** Writes a node where only constructs that bind at least this tightly need no parentheses. */
  private void write(Node node, Precedence atLeast) {
    boolean parentheses = precedence(node).compareTo(atLeast) < 0;
    out.append(parentheses ? "(" : "");
    writeBare(node);
    out.append(parentheses ? ")" : "");
  }

  private static Precedence precedence(Node node) {
    if (node instanceof Node.Logic logic) {
      return logic.conjunction() ? Precedence.AND : Precedence.OR;
    }
    if (node instanceof Node.Not) {
      return Precedence.NOT;
    }
    if (node instanceof Node.Binary binary) {
      return binary.operator().precedence();
    }
    if (node instanceof Node.Negation) {
      return Precedence.SIGN;
    }
    if (node instanceof Node.Literal literal) {
      return literal.value() instanceof Number number && isNegative(number)
          ? Precedence.SIGN
          : Precedence.PRIMARY;
    }
    boolean comparison =
        node instanceof Node.Is
            || node instanceof Node.Between
            || node instanceof Node.In
            || node instanceof Node.Like;
    return comparison ? Precedence.COMPARISON : Precedence.PRIMARY;
  }

  private static boolean isNegative(Number number) {
    return number.toString().startsWith("-");
  }

  private void writeBare(Node node) {
    if (node instanceof Node.Literal literal) {
      out.append(literal(literal.value()));
    } else if (node instanceof Node.Interval interval) {
      out.append("interval '").append(interval.amount()).append("' ");
      out.append(interval.unit().word());
    } else if (node instanceof Node.FieldReference field) {
      out.append(name(field.name()));
    } else if (node instanceof Node.Access access) {
      writeAccess(access);
    } else if (node instanceof Node.Negation negation) {
      writeNegation(negation);
    } else if (node instanceof Node.Not not) {
      out.append("not ");
      write(not.operand(), Precedence.NOT);
    } else if (node instanceof Node.Binary binary) {
      writeBinary(binary);
    } else if (node instanceof Node.Logic logic) {
      writeLogic(logic);
    } else if (node instanceof Node.Cast cast) {
      out.append(cast.lenient() ? "try_cast(" : "cast(");
      write(cast.operand(), Precedence.OR);
      out.append(" as ").append(cast.type()).append(')');
    } else if (node instanceof Node.Call call) {
      out.append(call.name());
      writeList(call.arguments());
    } else if (node instanceof Node.Case branches) {
      writeCase(branches);
    } else {
      writeTest(node);
    }
  }

  private void writeTest(Node node) {
    if (node instanceof Node.Is is) {
      write(is.operand(), Precedence.CONCATENATION);
      out.append(is.negated() ? " is not " : " is ");
      out.append(is.truth().word());
    } else if (node instanceof Node.Between between) {
      write(between.operand(), Precedence.CONCATENATION);
      out.append(between.negated() ? " not between " : " between ");
      write(between.low(), Precedence.CONCATENATION);
      out.append(" and ");
      write(between.high(), Precedence.CONCATENATION);
    } else if (node instanceof Node.In in) {
      write(in.operand(), Precedence.CONCATENATION);
      out.append(in.negated() ? " not in " : " in ");
      writeList(in.choices());
    } else if (node instanceof Node.Like like) {
      write(like.operand(), Precedence.CONCATENATION);
      out.append(like.negated() ? " not like " : " like ");
      write(like.pattern(), Precedence.CONCATENATION);
      Node escape = like.escape();
      if (escape != null) {
        out.append(" escape ");
        write(escape, Precedence.CONCATENATION);
      }
    }
  }

  private void writeAccess(Node.Access access) {
    write(access.target(), Precedence.PRIMARY);
    if (access.key() instanceof String key) {
      out.append(isPlain(key) ? "." + key : "[" + quoted(key) + "]");
    } else {
      out.append('[').append(access.key()).append(']');
    }
  }

  /** A negated number keeps its parentheses: without them it would be a negative literal. */
  private void writeNegation(Node.Negation negation) {
    boolean number =
        negation.operand() instanceof Node.Literal literal && literal.value() instanceof Number;
    out.append(number ? "-(" : "-");
    write(negation.operand(), number ? Precedence.OR : Precedence.PRIMARY);
    out.append(number ? ")" : "");
  }

  private void writeBinary(Node.Binary binary) {
    Precedence own = binary.operator().precedence();
    Precedence tighter = own.tighter();
    write(binary.left(), own == Precedence.COMPARISON ? tighter : own);
    out.append(' ').append(binary.operator().symbol()).append(' ');
    write(binary.right(), tighter);
  }

  private void writeLogic(Node.Logic logic) {
    String separator = "";
    for (Node term : logic.terms()) {
      out.append(separator);
      write(term, logic.conjunction() ? Precedence.NOT : Precedence.AND);
      separator = logic.conjunction() ? " and " : " or ";
    }
  }

  private void writeCase(Node.Case node) {
    out.append("case");
    Node operand = node.operand();
    if (operand != null) {
      out.append(' ');
      write(operand, Precedence.OR);
    }
    for (Node.When branch : node.branches()) {
      out.append(" when ");
      write(branch.condition(), Precedence.OR);
      out.append(" then ");
      write(branch.result(), Precedence.OR);
    }
    Node otherwise = node.otherwise();
    if (otherwise != null) {
      out.append(" else ");
      write(otherwise, Precedence.OR);
    }
    out.append(" end");
  }

  private void writeList(List<Node> nodes) {
    String separator = "(";
    for (Node node : nodes) {
      out.append(separator);
      write(node, Precedence.OR);
      separator = ", ";
    }
    out.append(nodes.isEmpty() ? "()" : ")");
  }

  private static String literal(@Nullable Object value) {
    if (value instanceof String text) {
      return quoted(text);
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.scale() == 0 && !fitsLong(decimal)
          ? decimal.toPlainString()
          : withPoint(decimal.toPlainString());
    }
    if (value instanceof Double number) {
      String text = number.toString().replace('E', 'e');
      return text.indexOf('e') >= 0 ? text : text + "e0";
    }
    if (value instanceof LocalDate date) {
      return "date '" + date + "'";
    }
    if (value instanceof LocalDateTime time) {
      return "timestamp '" + TemporalText.write(time) + "'";
    }
    if (value instanceof Instant time) {
      return "timestamp '" + TemporalText.write(time) + "'";
    }
    return String.valueOf(value);
  }

  private static boolean fitsLong(BigDecimal value) {
    return value.toBigInteger().bitLength() <= 63;
  }

  private static String withPoint(String text) {
    return text.indexOf('.') < 0 ? text + "." : text;
  }
}

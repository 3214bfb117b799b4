package io.fluxcore.domain.pattern;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.syntax.BinaryOperator;
import io.fluxcore.domain.expression.syntax.Node;
import io.fluxcore.domain.expression.syntax.Parser;
import io.fluxcore.domain.expression.syntax.Printer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A condition that holds only where a field of LONG or STRING type equals a constant.
 *
 * @param field ordinal of the field; {@link #NONE} where the condition is none of these
 * @param value a Long or a String
 * @param rest what must be true beside, in the expression language; null for nothing
 */
record Equality(int field, Object value, @Nullable String rest) {
  static final int NONE = -1;

  private static final Equality OTHER = new Equality(NONE, "", null);

  static Equality of(PatternCondition condition, Schema schema) {
    if (!(condition instanceof PatternCondition.Text text)) {
      return OTHER;
    }
    Node tree = Parser.parse(text.text());
    if (!(tree instanceof Node.Logic logic) || !logic.conjunction()) {
      return of(tree, schema);
    }
    for (int i = 0; i < logic.terms().size(); i++) {
      Equality equality = of(logic.terms().get(i), schema);
      if (equality.field() != NONE) {
        List<Node> rest = new ArrayList<>(logic.terms());
        rest.remove(i);
        Node joined = rest.size() == 1 ? rest.get(0) : new Node.Logic(logic.position(), true, rest);
        return new Equality(equality.field(), equality.value(), Printer.print(joined));
      }
    }
    return OTHER;
  }

  private static Equality of(Node term, Schema schema) {
    if (!(term instanceof Node.Binary binary) || binary.operator() != BinaryOperator.EQUAL) {
      return OTHER;
    }
    boolean fieldFirst = binary.left() instanceof Node.FieldReference;
    Node one = fieldFirst ? binary.left() : binary.right();
    Node other = fieldFirst ? binary.right() : binary.left();
    if (!(one instanceof Node.FieldReference field) || !(other instanceof Node.Literal literal)) {
      return OTHER;
    }
    int ordinal = schema.indexOf(field.name());
    if (ordinal < 0) {
      return OTHER;
    }
    DataType.Kind kind = schema.type(ordinal).kind();
    Object value = literal.value();
    boolean fits =
        (kind == DataType.Kind.STRING && value instanceof String)
            || (kind == DataType.Kind.LONG && value instanceof Long);
    return fits && value != null ? new Equality(ordinal, value, null) : OTHER;
  }
}

package io.fluxcore.domain.expression.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replaces parts of an expression's tree; the rest stays as it is, positions and all. */
@FunctionalInterface
public interface TreeRewrite {
  /** What stands in for a part; null where its children are looked at instead. */
  @Nullable Node replacement(Node node);

  /** The tree with the replacements, which are not looked into. */
  default Node rewrite(Node node) {
    Node replaced = replacement(node);
    if (replaced != null) {
      return replaced;
    }
    if (node instanceof Node.Access n) {
      return new Node.Access(n.position(), rewrite(n.target()), n.key());
    }
    if (node instanceof Node.Negation n) {
      return new Node.Negation(n.position(), rewrite(n.operand()));
    }
    if (node instanceof Node.Not n) {
      return new Node.Not(n.position(), rewrite(n.operand()));
    }
    if (node instanceof Node.Binary n) {
      return new Node.Binary(n.position(), n.operator(), rewrite(n.left()), rewrite(n.right()));
    }
    if (node instanceof Node.Logic n) {
      return new Node.Logic(n.position(), n.conjunction(), rewriteAll(n.terms()));
    }
    if (node instanceof Node.Is n) {
      return new Node.Is(n.position(), rewrite(n.operand()), n.truth(), n.negated());
    }
    if (node instanceof Node.Between n) {
      return new Node.Between(
          n.position(), rewrite(n.operand()), rewrite(n.low()), rewrite(n.high()), n.negated());
    }
    if (node instanceof Node.In n) {
      return new Node.In(n.position(), rewrite(n.operand()), rewriteAll(n.choices()), n.negated());
    }
    if (node instanceof Node.Like n) {
      Node escape = n.escape();
      return new Node.Like(
          n.position(),
          rewrite(n.operand()),
          rewrite(n.pattern()),
          escape == null ? null : rewrite(escape),
          n.negated());
    }
    if (node instanceof Node.Case n) {
      return rewriteCase(n);
    }
    if (node instanceof Node.Cast n) {
      return new Node.Cast(n.position(), rewrite(n.operand()), n.type(), n.lenient());
    }
    if (node instanceof Node.Call n) {
      return new Node.Call(n.position(), n.name(), rewriteAll(n.arguments()));
    }
    return node; // literals, intervals and fields have no parts
  }

  private List<Node> rewriteAll(List<Node> nodes) {
    return nodes.stream().map(this::rewrite).toList();
  }

  private Node rewriteCase(Node.Case node) {
    Node operand = node.operand();
    Node otherwise = node.otherwise();
    return new Node.Case(
        node.position(),
        operand == null ? null : rewrite(operand),
        node.branches().stream()
            .map(when -> new Node.When(rewrite(when.condition()), rewrite(when.result())))
            .toList(),
        otherwise == null ? null : rewrite(otherwise));
  }
}

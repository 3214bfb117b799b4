package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.syntax.Node;
import java.util.ArrayList;
import java.util.List;

/** Calls of functions, and casts. */
final class CallCompiler {
  private final CompileScope scope;
  private final ExpressionCompiler compiler;
  private boolean deterministic = true;

  CallCompiler(CompileScope scope, ExpressionCompiler compiler) {
    this.scope = scope;
    this.compiler = compiler;
  }

  /** Whether all functions that were called so far are. */
  boolean isDeterministic() {
    return deterministic;
  }

  Evaluator call(Node.Call node) {
    List<Evaluator> arguments = new ArrayList<>();
    for (Node argument : node.arguments()) {
      arguments.add(compiler.compile(argument));
    }
    ScalarFunction function = scope.context().functions().find(node.name());
    if (function == null) {
      List<String> names =
          scope.context().functions().functions().stream().map(ScalarFunction::name).toList();
      return scope.error(
          "FLX-EXPR-0004",
          node.position(),
          "there is no function '" + node.name() + "'",
          NameSuggestions.remedy(node.name(), names));
    }
    if (CompileScope.isBroken(arguments)) {
      return CompileScope.BROKEN;
    }
    try {
      return bound(node, function, arguments);
    } catch (FluxCoreException e) {
      return scope.error(e, node.position());
    }
  }

  private Evaluator bound(Node.Call node, ScalarFunction function, List<Evaluator> arguments) {
    ScalarFunction.Binding binding = function.bind(arguments, scope.context());
    if (binding.parameters().size() != arguments.size()) {
      throw new IllegalStateException(
          "'"
              + function.name()
              + "' was bound to "
              + binding.parameters().size()
              + " parameters for "
              + arguments.size()
              + " arguments");
    }
    List<Operand> operands = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      DataType wanted = binding.parameters().get(i);
      Evaluator fitting = Coercion.implicit(arguments.get(i), wanted, scope.context());
      if (fitting == null) {
        return scope.error(
            "FLX-EXPR-0006",
            node.arguments().get(i).position(),
            "argument "
                + (i + 1)
                + " of '"
                + function.name()
                + "' must be a "
                + wanted
                + ", and this is "
                + Coercion.describe(arguments.get(i)),
            "call it as " + function.signature() + ", with a cast where the type differs");
      }
      operands.add(fitting);
    }
    Evaluator call = new FunctionEvaluator(binding, operands);
    boolean alwaysEqual = function.isDeterministic() && binding.isDeterministic();
    deterministic &= alwaysEqual;
    return alwaysEqual ? CompileScope.folded(call, operands) : call;
  }

  Evaluator cast(Node.Cast node) {
    Evaluator operand = compiler.compile(node.operand());
    if (CompileScope.isBroken(operand)) {
      return operand;
    }
    if (Coercion.isUntypedNull(operand)) {
      return ConstantEvaluator.of(node.type(), null);
    }
    Conversion conversion =
        Conversions.find(operand.type(), node.type(), scope.context().zone(), true);
    if (conversion == null) {
      return scope.error(
          "FLX-EXPR-0009",
          node.position(),
          Coercion.describe(operand) + " cannot be cast to " + node.type(),
          castRemedy(operand.type(), node.type()));
    }
    return CompileScope.folded(
        new CastEvaluator(operand, node.type(), conversion, node.lenient()), List.of(operand));
  }

  private static String castRemedy(DataType from, DataType to) {
    if (from.isNumeric() && Coercion.isTemporal(to)) {
      return "write from_epoch_millis(x) for milliseconds since 1970";
    }
    if (Coercion.isTemporal(from) && to.isNumeric()) {
      return "write epoch_millis(x) for milliseconds since 1970";
    }
    if (to.kind() == DataType.Kind.BOOLEAN) {
      return "compare it, as in x <> 0";
    }
    return from.kind() == DataType.Kind.BOOLEAN
        ? "write case when x then 1 else 0 end"
        : "cast it to string first";
  }
}

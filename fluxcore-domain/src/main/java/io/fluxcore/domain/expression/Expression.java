package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.syntax.Node;
import io.fluxcore.domain.expression.syntax.Parser;
import io.fluxcore.domain.expression.syntax.Printer;
import io.fluxcore.domain.expression.syntax.SourceText;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A computation over the fields of one event, in SQL's syntax with SQL's null semantics: {@code
 * price * 0.9 > 100 and kind in ('bid', 'ask')}. Immutable; two expressions are equal if their
 * canonical texts are.
 *
 * <p><b>Literals.</b> {@code 1} is LONG, {@code 1.5} is an exact DECIMAL, {@code 1e3} is DOUBLE,
 * {@code 'it''s'} is STRING; {@code true}, {@code null}, {@code date '2024-12-31'}, {@code
 * timestamp '2024-12-31 23:59:59'} (with a zone offset it is an instant), {@code interval '5'
 * minute}.
 *
 * <p><b>Names.</b> Fields are case-sensitive; a name that is not a plain word is written in double
 * quotes or back ticks. Words of the language and functions are not case-sensitive. {@code a.b},
 * {@code a['b']} and {@code a[1]} (positions count from 1) reach into NESTED values.
 *
 * <p><b>Operators</b>, tightest first: {@code -x}; {@code * / %}; {@code + -}; {@code ||}; {@code =
 * <> != < <= > >=}, {@code between}, {@code in}, {@code like … escape}, {@code is [not] null | true
 * | false | distinct from}; {@code not}; {@code and}; {@code or}. Beside them {@code case}, {@code
 * cast(x as type)} and {@code try_cast}, and the functions of the {@link FunctionCatalogue}.
 *
 * <p><b>Numbers.</b> LONG with LONG is exact LONG ({@code /} truncates); an overflow or a division
 * by zero is an error of the row. With a DOUBLE it is IEEE arithmetic. With a DECIMAL it is exact,
 * with the digits that SQL prescribes, at most 38. Doubles are ordered as in PostgreSQL: NaN equals
 * NaN and is greater than every number; -0.0 equals 0.0. LONG and DECIMAL are compared exactly,
 * either with DOUBLE as doubles. Strings are ordered by code point.
 *
 * <p><b>Conversions.</b> A string is never taken for a number. Without a cast, only these are
 * converted: numbers to wider ones, dates to timestamps, timestamps to instants (in the zone of the
 * context), literal strings to the date or timestamp that they are compared with, and NESTED values
 * to what they are used as (numbers as DOUBLE), where a value of another kind is an error of the
 * row.
 *
 * <p><b>Errors.</b> {@code and}, {@code or}, {@code case}, {@code coalesce} and {@code if} evaluate
 * an operand only for the rows that need it, so an error in a branch that is not taken is none. As
 * a condition (a filter, after {@code when}, before {@code is true} and {@code is false}) {@code
 * and} stops at the first term that is not true, and {@code or} at the first that is; as a value,
 * they go on after a null.
 */
public final class Expression {
  private final String text;
  private final Node tree;
  private final String canonical;

  private Expression(String text, Node tree) {
    this.text = text;
    this.tree = tree;
    this.canonical = Printer.print(tree);
  }

  /**
   * The expression of a text.
   *
   * @throws FluxCoreException of category USER with line and column, if the text is not one
   */
  public static Expression parse(String text) {
    return new Expression(text, Parser.parse(text));
  }

  /** A reference to a field, whatever characters its name has. */
  public static Expression column(String name) {
    return parse(Printer.name(name));
  }

  /** The expression of a tree that was not parsed; errors point into its canonical text. */
  static Expression of(Node tree) {
    return parse(Printer.print(tree));
  }

  Node tree() {
    return tree;
  }

  /** As it was written. */
  public String text() {
    return text;
  }

  /** The name of the field, if the expression is no more than a field; otherwise null. */
  public @Nullable String columnName() {
    return tree instanceof Node.FieldReference field ? field.name() : null;
  }

  /** The fields that are referred to, in the order of the text. */
  public Set<String> fields() {
    Set<String> names = new LinkedHashSet<>();
    collectFields(tree, names);
    return Collections.unmodifiableSet(names);
  }

  private static void collectFields(Node node, Set<String> names) {
    if (node instanceof Node.FieldReference field) {
      names.add(field.name());
    }
    for (Node child : node.children()) {
      collectFields(child, names);
    }
  }

  /**
   * The type that the first use of each field demands, for the fields of an open schema: numbers
   * are DOUBLE, whatever is concatenated, matched or compared with a string is STRING, conditions
   * are BOOLEAN, what is compared with a date or timestamp is one, and what is reached into or cast
   * is NESTED, which takes every JSON value. A field whose use demands no type is absent.
   */
  public Map<String, DataType> demands() {
    return demands(FunctionCatalogue.standard());
  }

  /** As {@link #demands()}, knowing the arguments of these functions. */
  public Map<String, DataType> demands(FunctionCatalogue functions) {
    return Demands.of(tree, null, functions);
  }

  /** As {@link #demands(FunctionCatalogue)}, of a condition: a field alone is BOOLEAN. */
  public Map<String, DataType> demandsAsPredicate(FunctionCatalogue functions) {
    return Demands.of(tree, DataType.BOOLEAN, functions);
  }

  /**
   * All that is wrong with this expression over a schema. Fields that an open schema does not
   * declare are taken as {@link #demands()} says, others as NESTED.
   */
  public List<Diagnostic> check(Schema schema, ExpressionContext context) {
    ExpressionCompiler compiler = compiler(assumed(schema, context), context);
    compiler.compile(tree);
    return compiler.diagnostics();
  }

  private Schema assumed(Schema schema, ExpressionContext context) {
    Schema result = schema;
    if (schema.isOpen()) {
      Map<String, DataType> demands = demands(context.functions());
      for (String name : fields()) {
        if (result.find(name) == null) {
          result = result.with(new Field(name, demands.getOrDefault(name, DataType.NESTED)));
        }
      }
    }
    return result;
  }

  /**
   * Binds this expression to the columns of a schema.
   *
   * @throws FluxCoreException of category USER that holds all that is wrong
   */
  public CompiledExpression compile(Schema schema, ExpressionContext context) {
    ExpressionCompiler compiler = compiler(schema, context);
    Evaluator root = compiler.compile(tree);
    throwIfAny(compiler.diagnostics());
    return new CompiledExpression(this, root, compiler.isDeterministic());
  }

  /**
   * Binds this condition to the columns of a schema.
   *
   * @throws FluxCoreException of category USER that holds all that is wrong; also if this is not a
   *     boolean expression
   */
  public CompiledPredicate compilePredicate(Schema schema, ExpressionContext context) {
    ExpressionCompiler compiler = compiler(schema, context);
    Evaluator root = compiler.compileCondition(tree, "a filter");
    throwIfAny(compiler.diagnostics());
    return new EvaluatedPredicate(canonical, root, compiler.isDeterministic());
  }

  private ExpressionCompiler compiler(Schema schema, ExpressionContext context) {
    return new ExpressionCompiler(new CompileScope(new SourceText(text), schema, context));
  }

  private static void throwIfAny(List<Diagnostic> diagnostics) {
    if (!diagnostics.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, diagnostics, null);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Expression e && canonical.equals(e.canonical);
  }

  @Override
  public int hashCode() {
    return canonical.hashCode();
  }

  /** The canonical text, which parses back to an equal expression. */
  @Override
  public String toString() {
    return canonical;
  }
}

package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.syntax.SourceText;
import java.util.ArrayList;
import java.util.List;

/** What the parts of a compilation share: the surroundings, and what was found wrong so far. */
final class CompileScope {
  /** Stands for a part that is wrong, so that what is around it can still be checked. */
  static final Evaluator BROKEN = ConstantEvaluator.of(DataType.STRING, null);

  private static final EventBatch ONE_ROW =
      EventBatch.of(Schema.of(), new Column[0], new long[] {EventBatch.NO_TIMESTAMP}, 1);

  private final SourceText source;
  private final Schema schema;
  private final ExpressionContext context;
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  CompileScope(SourceText source, Schema schema, ExpressionContext context) {
    this.source = source;
    this.schema = schema;
    this.context = context;
  }

  Schema schema() {
    return schema;
  }

  ExpressionContext context() {
    return context;
  }

  List<Diagnostic> diagnostics() {
    return List.copyOf(diagnostics);
  }

  /** Notes an error; gives what stands for the wrong part. */
  Evaluator error(String code, int position, String message, String remedy) {
    diagnostics.add(Diagnostic.error(code, source.place(position), message, remedy));
    return BROKEN;
  }

  /** Notes the findings of something that does not know the place. */
  Evaluator error(FluxCoreException error, int position) {
    for (Diagnostic finding : error.diagnostics()) {
      int column = finding.place().column();
      String where = column > 0 ? ", at its character " + column : "";
      error(finding.code(), position, finding.message() + where, finding.remedy());
    }
    return BROKEN;
  }

  static boolean isBroken(Evaluator... parts) {
    for (Evaluator part : parts) {
      if (part == BROKEN) {
        return true;
      }
    }
    return false;
  }

  static boolean isBroken(List<Evaluator> parts) {
    return parts.contains(BROKEN);
  }

  /**
   * The constant that an evaluator of these parts comes to, if all of them are constants. One that
   * cannot be evaluated stays as it is: it is an error of the rows that get there.
   */
  static Evaluator folded(Evaluator whole, List<? extends Operand> parts) {
    if (whole.isConstant() || parts.isEmpty()) {
      return whole;
    }
    for (Operand part : parts) {
      if (!part.isConstant()) {
        return whole;
      }
    }
    try {
      Rows rows = Rows.of(ONE_ROW, new FailedRows(RowErrors.THROW, 1));
      return ConstantEvaluator.of(whole.type(), whole.evaluate(rows).get(0));
    } catch (RecordException e) {
      return whole;
    }
  }
}

package io.fluxcore.domain.topology;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledExpression;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.sort.EventTimeSort;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is found wrong with one node, and the checks that many kinds of nodes share. */
public final class NodeFindings {
  private final TopologyNode node;
  private final List<Diagnostic> findings;

  NodeFindings(TopologyNode node, List<Diagnostic> findings) {
    this.node = node;
    this.findings = findings;
  }

  /** The name of the node. */
  public String node() {
    return node.name();
  }

  /**
   * Something that keeps the topology from running.
   *
   * @param option the setting that it is about, as job files write it
   */
  public void error(String code, String option, String message, String remedy) {
    findings.add(Diagnostic.error(code, TopologyGraph.place(node, option), message, remedy));
  }

  /** Something that is hardly meant. */
  public void warning(String code, String option, String message, String remedy) {
    findings.add(Diagnostic.warning(code, TopologyGraph.place(node, option), message, remedy));
  }

  /** A setting without which there is no such node. */
  public void missing(String option, String what) {
    error("FLX-TOPO-0021", option, "'" + node.name() + "' has no " + option, "give " + what);
  }

  /** Findings about the text of a setting. */
  public void addAll(String option, List<Diagnostic> problems) {
    String path = TopologyGraph.place(node, option).path();
    problems.forEach(problem -> findings.add(problem.in(path)));
  }

  /** Whether no field is named twice. */
  public boolean distinct(String option, List<String> fields) {
    Set<String> named = new HashSet<>();
    boolean distinct = true;
    for (String field : fields) {
      if (!named.add(field)) {
        error(
            "FLX-TOPO-0020",
            option,
            "a field is named twice in " + fields,
            "name '" + field + "' once");
        distinct = false;
      }
    }
    return distinct;
  }

  /** Whether there is a field of this name. */
  public boolean hasField(String option, String field, Schema schema) {
    if (schema.find(field) != null) {
      return true;
    }
    error(
        "FLX-TOPO-0017",
        option,
        "there is no field '" + field + "'",
        NearestName.remedy(field, schema.fieldNames(), "fields are"));
    return false;
  }

  /** Whether the fields are there and can be a key. */
  public boolean key(String option, List<String> fields, Schema schema) {
    boolean complete = true;
    for (String field : fields) {
      if (!hasField(option, field, schema)) {
        complete = false;
      } else if (schema.type(schema.ordinal(field)).kind() == DataType.Kind.NESTED) {
        error(
            "FLX-TOPO-0019",
            option,
            "'" + field + "' is nested and cannot be a key",
            "project a part of it first");
        complete = false;
      }
    }
    return complete;
  }

  /** Whether rows can be put in the order of these fields. */
  public boolean order(String option, List<SortField> fields, Schema schema) {
    boolean complete = true;
    for (SortField field : fields) {
      if (!hasField(option, field.name(), schema)) {
        complete = false;
      } else if (!EventTimeSort.canOrder(schema.type(schema.ordinal(field.name())))) {
        error(
            "FLX-TOPO-0019",
            option,
            "'" + field.name() + "' is nested and has no order",
            "project a part of it first");
        complete = false;
      }
    }
    return complete;
  }

  /** An expression compiled, or null. */
  public @Nullable CompiledExpression expression(
      String option, String text, Schema schema, ExpressionContext expressions) {
    String path = TopologyGraph.place(node, option).path();
    return ExpressionUse.compile(text, schema, expressions, d -> findings.add(d.in(path)));
  }

  /** Tells what is wrong with a text as a condition. */
  public void condition(String option, String text, Schema schema, ExpressionContext expressions) {
    addAll(option, ExpressionUse.checkPredicate(text, schema, expressions));
  }
}

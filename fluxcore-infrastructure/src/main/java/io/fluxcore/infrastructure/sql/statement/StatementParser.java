package io.fluxcore.infrastructure.sql.statement;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.time.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads statements as Flink SQL writes them: what defines and shows tables is read here, by
 * recursive descent; queries and expressions are cut out for the SQL parser proper. Not
 * thread-safe.
 */
public final class StatementParser {
  /** How long a statement is run to be analysed, unless it says otherwise. */
  private static final Duration ANALYZED_FOR = Duration.ofSeconds(10);

  private final SqlText source;
  private final Cursor cursor;

  private StatementParser(SqlText source) {
    this.source = source;
    this.cursor = new Cursor(source);
  }

  /**
   * The statement of a text.
   *
   * @throws FluxCoreException of category USER with line and column, if it is not one
   */
  public static Statement parse(SqlText text) {
    return new StatementParser(text).statement();
  }

  private Statement statement() {
    if (cursor.areWords("CREATE")) {
      return create();
    }
    if (cursor.takeWords("DROP")) {
      return drop();
    }
    if (cursor.areWords("INSERT") || cursor.areWords("UPSERT")) {
      return insert(cursor.rest());
    }
    if (cursor.takeWords("EXECUTE")) {
      return statement();
    }
    if (cursor.areWords("BEGIN") || cursor.areWords("STATEMENT", "SET")) {
      return statementSet();
    }
    if (cursor.takeWords("SHOW")) {
      return show();
    }
    if (cursor.takeWords("DESCRIBE") || cursor.takeWords("DESC")) {
      String name = cursor.qualifiedName("a table or view");
      cursor.expectEnd();
      return new Statement.Describe(name);
    }
    if (cursor.takeWords("EXPLAIN")) {
      return explain();
    }
    if (cursor.takeWords("SET")) {
      return set();
    }
    return query(cursor.rest());
  }

  private Statement explain() {
    if (!cursor.takeWords("ANALYZE")) {
      boolean unused = cursor.takeWords("PLAN", "FOR");
      return new Statement.Explain(parse(cursor.rest()), null);
    }
    Duration runFor = ANALYZED_FOR;
    if (cursor.takeWords("FOR")) {
      SqlText rest = cursor.rest();
      Cursor after = new Cursor(rest);
      String text = after.string("how long");
      try {
        runFor = DurationText.parse(text);
      } catch (IllegalArgumentException e) {
        throw FluxCoreException.user(
            "FLX-QUERY-0003",
            rest.placeOf(0),
            "'" + text + "' is no length of time",
            "write one such as '5s' or '2m'");
      }
      return new Statement.Explain(parse(after.rest()), runFor);
    }
    return new Statement.Explain(parse(cursor.rest()), runFor);
  }

  private Statement create() {
    cursor.expectWords("CREATE");
    boolean orReplace = cursor.takeWords("OR", "REPLACE");
    boolean unused = cursor.takeWords("TEMPORARY");
    if (cursor.takeWords("VIEW")) {
      return createView(orReplace);
    }
    if (cursor.takeWords("TABLE")) {
      return createTable();
    }
    boolean isSystem = cursor.takeWords("SYSTEM");
    if (cursor.takeWords("FUNCTION")) {
      return createFunction();
    }
    if (!isSystem && cursor.takeWords("MATERIALIZED", "VIEW")) {
      return createMaterializedView();
    }
    throw cursor.unexpected(isSystem ? "FUNCTION" : "TABLE, VIEW, MATERIALIZED VIEW or FUNCTION");
  }

  private Statement createFunction() {
    boolean ifNotExists = cursor.takeWords("IF", "NOT", "EXISTS");
    String name = cursor.qualifiedName("the function");
    if (cursor.takeSymbol("(")) {
      return createSqlFunction(name, ifNotExists);
    }
    cursor.expectWords("AS");
    String className = cursor.string("the class of the function");
    if (cursor.takeWords("LANGUAGE") && !cursor.takeWords("JAVA") && !cursor.takeWords("SCALA")) {
      throw cursor.unexpected("JAVA");
    }
    cursor.expectEnd();
    return new Statement.CreateFunction(name, ifNotExists, className);
  }

  private Statement createSqlFunction(String name, boolean ifNotExists) {
    List<Statement.Column> parameters = new ArrayList<>();
    if (!cursor.takeSymbol(")")) {
      do {
        parameters.add(
            new Statement.Column(cursor.name("a parameter"), cursor.textToComma(), null));
      } while (cursor.takeSymbol(","));
      cursor.expectSymbol(")");
    }
    cursor.expectWords("RETURNS");
    SqlText returns = cursor.textToWord("LANGUAGE", "AS", "RETURN");
    languageOfSql();
    SqlText body;
    if (cursor.takeWords("RETURN")) {
      body = cursor.rest();
    } else {
      cursor.expectWords("AS");
      body = cursor.quotedText("the expression");
      languageOfSql();
    }
    cursor.expectEnd();
    return new Statement.CreateSqlFunction(name, ifNotExists, parameters, returns, body);
  }

  private void languageOfSql() {
    if (cursor.takeWords("LANGUAGE") && !cursor.takeWords("SQL")) {
      throw cursor.unexpected("SQL");
    }
  }

  private Statement createMaterializedView() {
    boolean ifNotExists = cursor.takeWords("IF", "NOT", "EXISTS");
    String name = cursor.qualifiedName("the view");
    List<String> columns = cursor.peek().isSymbol("(") ? names("a column") : List.of();
    List<String> primaryKey = List.of();
    if (cursor.takeWords("PRIMARY")) {
      cursor.expectWords("KEY");
      primaryKey = names("a column");
      notEnforced();
    }
    comment();
    cursor.expectWords("AS");
    return new Statement.CreateMaterializedView(
        name, ifNotExists, columns, primaryKey, query(cursor.rest()));
  }

  private Statement createView(boolean orReplace) {
    boolean ifNotExists = cursor.takeWords("IF", "NOT", "EXISTS");
    String name = cursor.qualifiedName("the view");
    List<String> columns = cursor.peek().isSymbol("(") ? names("a column") : List.of();
    comment();
    cursor.expectWords("AS");
    return new Statement.CreateView(name, ifNotExists, orReplace, columns, cursor.rest());
  }

  private Statement createTable() {
    boolean ifNotExists = cursor.takeWords("IF", "NOT", "EXISTS");
    String name = cursor.qualifiedName("the table");
    List<Statement.Column> columns = new ArrayList<>();
    List<String> primaryKey = new ArrayList<>();
    Statement.Watermark watermark = null;
    cursor.expectSymbol("(");
    do {
      if (cursor.areWords("WATERMARK", "FOR")) {
        watermark = watermark(watermark);
      } else if (cursor.areWords("PRIMARY", "KEY") || cursor.areWords("CONSTRAINT")) {
        if (cursor.takeWords("CONSTRAINT")) {
          String unused = cursor.name("the constraint");
        }
        cursor.expectWords("PRIMARY", "KEY");
        primaryKey.addAll(names("a column"));
        notEnforced();
      } else {
        columns.add(column(primaryKey));
      }
    } while (cursor.takeSymbol(","));
    cursor.expectSymbol(")");
    comment();
    Map<String, String> options = cursor.takeWords("WITH") ? options() : Map.of();
    cursor.expectEnd();
    return new Statement.CreateTable(name, ifNotExists, columns, watermark, primaryKey, options);
  }

  private Statement.Column column(List<String> primaryKey) {
    String name = cursor.name("a column");
    if (cursor.takeWords("AS")) {
      return new Statement.Column(name, null, withoutComment(cursor.textToComma()));
    }
    SqlText type = withoutComment(cursor.textToComma());
    String upper = type.text().toUpperCase(Locale.ROOT);
    int key = upper.indexOf(" PRIMARY KEY");
    if (key >= 0) {
      primaryKey.add(name);
      type = type.part(0, key);
    }
    if (upper.contains(" METADATA")) {
      throw FluxCoreException.user(
          "FLX-QUERY-0003",
          type.placeOf(upper.indexOf(" METADATA") + 1),
          "column '" + name + "' is METADATA, which FluxCore does not have",
          "declare it as a column of the record; event_time() gives the event's time");
    }
    return new Statement.Column(name, type, null);
  }

  /** Without {@code COMMENT '…'} at its end. */
  private static SqlText withoutComment(SqlText text) {
    List<Token> tokens = Tokens.of(text);
    int size = tokens.size();
    boolean hasComment =
        size > 3
            && tokens.get(size - 3).isWord("COMMENT")
            && tokens.get(size - 2).kind() == Token.Kind.STRING;
    return hasComment ? text.part(0, tokens.get(size - 4).to()) : text;
  }

  private Statement.Watermark watermark(Statement.@Nullable Watermark earlier) {
    if (earlier != null) {
      throw cursor.unexpected("no second watermark");
    }
    cursor.expectWords("WATERMARK", "FOR");
    StringBuilder column = new StringBuilder(cursor.name("a column"));
    while (cursor.takeSymbol(".")) {
      column.append('.').append(cursor.name("a column"));
    }
    cursor.expectWords("AS");
    return new Statement.Watermark(column.toString(), cursor.textToComma());
  }

  private void notEnforced() {
    if (cursor.takeWords("NOT")) {
      cursor.expectWords("ENFORCED");
    }
  }

  private void comment() {
    if (cursor.takeWords("COMMENT")) {
      String unused = cursor.string("the comment");
    }
  }

  private Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    cursor.expectSymbol("(");
    do {
      String key = cursor.string("an option");
      cursor.expectSymbol("=");
      options.put(key, cursor.string("the value of '" + key + "'"));
    } while (cursor.takeSymbol(","));
    cursor.expectSymbol(")");
    return options;
  }

  private List<String> names(String of) {
    List<String> names = new ArrayList<>();
    cursor.expectSymbol("(");
    do {
      names.add(cursor.name(of));
    } while (cursor.takeSymbol(","));
    cursor.expectSymbol(")");
    return names;
  }

  private Statement drop() {
    boolean unused = cursor.takeWords("TEMPORARY");
    boolean isSystem = cursor.takeWords("SYSTEM");
    if (cursor.takeWords("FUNCTION")) {
      boolean ifThere = cursor.takeWords("IF", "EXISTS");
      String function = cursor.qualifiedName("a function");
      cursor.expectEnd();
      return new Statement.DropFunction(function, ifThere);
    }
    Statement.Drop.Kind kind;
    if (cursor.takeWords("TABLE")) {
      kind = Statement.Drop.Kind.TABLE;
    } else if (cursor.takeWords("VIEW")) {
      kind = Statement.Drop.Kind.VIEW;
    } else if (cursor.takeWords("MATERIALIZED", "VIEW")) {
      kind = Statement.Drop.Kind.MATERIALIZED_VIEW;
    } else {
      throw cursor.unexpected(isSystem ? "FUNCTION" : "TABLE, VIEW, MATERIALIZED VIEW or FUNCTION");
    }
    boolean ifExists = cursor.takeWords("IF", "EXISTS");
    String name = cursor.qualifiedName(kind == Statement.Drop.Kind.TABLE ? "a table" : "a view");
    cursor.expectEnd();
    return new Statement.Drop(kind, name, ifExists);
  }

  private static Statement.Insert insert(SqlText text) {
    StatementParser parser = new StatementParser(text);
    Cursor cursor = parser.cursor;
    if (!cursor.takeWords("UPSERT")) {
      cursor.expectWords("INSERT");
    }
    cursor.expectWords("INTO");
    String table = cursor.qualifiedName("the table that is written");
    List<String> columns = List.of();
    if (cursor.peek().isSymbol("(") && !isQuery(cursor.peek(1))) {
      columns = parser.names("a column");
    }
    return new Statement.Insert(table, columns, query(cursor.rest()));
  }

  private static boolean isQuery(Token token) {
    return token.isWord("SELECT")
        || token.isWord("WITH")
        || token.isWord("VALUES")
        || token.isSymbol("(");
  }

  private Statement statementSet() {
    boolean hasBegin = cursor.takeWords("BEGIN");
    cursor.expectWords("STATEMENT", "SET");
    if (!hasBegin) {
      cursor.expectWords("BEGIN");
    } else {
      cursor.expectSymbol(";");
    }
    SqlText rest = cursor.rest();
    List<Token> tokens = Tokens.of(rest);
    Token last = tokens.get(Math.max(0, tokens.size() - 2));
    if (!last.isWord("END")) {
      throw FluxCoreException.user(
          "FLX-QUERY-0004",
          source.placeOf(0),
          "the statement set does not end with END",
          "write END after the last insert");
    }
    List<Statement.Insert> inserts = new ArrayList<>();
    for (SqlText part : Statements.of(rest.part(0, last.from()))) {
      inserts.add(insert(part));
    }
    if (inserts.isEmpty()) {
      throw FluxCoreException.user(
          "FLX-QUERY-0004",
          source.placeOf(0),
          "the statement set holds no INSERT",
          "write one INSERT INTO … SELECT … or more between BEGIN and END");
    }
    return new Statement.StatementSet(inserts);
  }

  private Statement show() {
    if (cursor.takeWords("CREATE")) {
      if (!cursor.takeWords("TABLE") && !cursor.takeWords("VIEW")) {
        throw cursor.unexpected("TABLE or VIEW");
      }
      String name = cursor.qualifiedName("a table or view");
      cursor.expectEnd();
      return new Statement.ShowCreate(name);
    }
    if (cursor.takeWords("USER", "FUNCTIONS")) {
      cursor.expectEnd();
      return new Statement.Show(Statement.Show.Kind.USER_FUNCTIONS);
    }
    for (Statement.Show.Kind kind : Statement.Show.Kind.values()) {
      if (cursor.takeWords(kind.name().split("_"))) {
        cursor.expectEnd();
        return new Statement.Show(kind);
      }
    }
    throw cursor.unexpected(
        "TABLES, VIEWS, MATERIALIZED VIEWS, FUNCTIONS, USER FUNCTIONS or CREATE TABLE");
  }

  private Statement set() {
    if (cursor.isAtEnd()) {
      return new Statement.Set(null, null);
    }
    String key = cursor.string("a setting");
    cursor.expectSymbol("=");
    String value = cursor.string("the value of '" + key + "'");
    cursor.expectEnd();
    return new Statement.Set(key, value);
  }

  /** A query; the words about when its windows give results are FluxCore's own, and are cut off. */
  private static Statement.Query query(SqlText text) {
    List<Token> tokens = Tokens.of(text);
    for (int i = Math.max(0, tokens.size() - 8); i < tokens.size() - 2; i++) {
      if (tokens.get(i).isWord("EMIT")) {
        Statement.Emit emit = emit(text.part(tokens.get(i).to(), text.text().length()));
        if (emit != null) {
          return new Statement.Query(text.part(0, tokens.get(i).from()), emit);
        }
      }
    }
    return new Statement.Query(text, null);
  }

  private static Statement.@Nullable Emit emit(SqlText text) {
    Cursor cursor = new Cursor(text);
    Statement.Emit emit = null;
    if (cursor.takeWords("ON", "WINDOW", "CLOSE")) {
      emit = new Statement.Emit(Statement.Emit.Kind.ON_WINDOW_CLOSE, null);
    } else if (cursor.takeWords("ON", "UPDATE")) {
      emit = new Statement.Emit(Statement.Emit.Kind.ON_UPDATE, null);
    } else if (cursor.takeWords("EVERY")) {
      return new Statement.Emit(Statement.Emit.Kind.EVERY, cursor.rest());
    }
    return cursor.isAtEnd() ? emit : null;
  }
}

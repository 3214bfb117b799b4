/**
 * From the text of a query to nodes of a topology: Calcite parses, validates and rewrites it; each
 * kind of relational operator is then translated into the nodes that compute it. May import {@code
 * statement}, {@code catalogue} and the domain.
 */
@NullMarked
package io.fluxcore.infrastructure.sql.plan;

import org.jspecify.annotations.NullMarked;

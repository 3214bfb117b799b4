/**
 * What a query may name, as Calcite wants to see it: tables, views, functions and types. May import
 * {@code statement} and the domain.
 */
@NullMarked
package io.fluxcore.infrastructure.sql.catalogue;

import org.jspecify.annotations.NullMarked;

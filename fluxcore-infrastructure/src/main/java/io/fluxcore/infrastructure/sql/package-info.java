/**
 * The SQL front end: statements in, topologies out. Its packages are {@code statement} (what is
 * written), {@code catalogue} (what can be named) and {@code plan} (what it means).
 */
@NullMarked
package io.fluxcore.infrastructure.sql;

import org.jspecify.annotations.NullMarked;

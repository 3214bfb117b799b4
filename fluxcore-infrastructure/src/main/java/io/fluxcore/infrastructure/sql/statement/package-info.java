/**
 * Statements as they are written: where each begins and ends, and what those that define tables and
 * views say. Queries and expressions stay text with their place; the SQL parser proper reads them.
 * May import the domain only.
 */
@NullMarked
package io.fluxcore.infrastructure.sql.statement;

import org.jspecify.annotations.NullMarked;

/**
 * The {@code nexmark} source: the auction site of the Nexmark benchmark, whose persons, auctions
 * and bids are a pure function of the seed and their index. One public door.
 */
@NullMarked
package io.fluxcore.adapters.in.nexmark;

import org.jspecify.annotations.NullMarked;

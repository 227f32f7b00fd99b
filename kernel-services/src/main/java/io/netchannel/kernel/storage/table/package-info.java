/**
 * Keys and values that are there again after a restart: a table over a journal. Start at
 * {@link io.netchannel.kernel.storage.table.KeyValueTable}.
 */
package io.netchannel.kernel.storage.table;

package database

import (
	"github.com/syndtr/goleveldb/leveldb/filter"
	"github.com/syndtr/goleveldb/leveldb/opt"

	dbm "github.com/cosmos/cosmos-db"
)

// Name of the database below the data folder of a node: every program of the SDK expects it there.
const Name = "application"

const (
	// blocks are decoded blocks, indices and filters that stay in memory; it is filled as they are read.
	blocks = 128 * opt.MiB
	// buffer is what is written before it goes into a table of its own; there are two.
	buffer = 16 * opt.MiB
	// filterBits for each key: one question in a hundred for what is not there looks for it.
	filterBits = 10
)

// Open opens the database in a data folder, and makes it when there is none. What is in it does not depend on how it
// was opened.
func Open(data string, backend dbm.BackendType) (dbm.DB, error) {
	if backend != dbm.GoLevelDBBackend {
		return dbm.NewDB(Name, backend, data)
	}
	return dbm.NewGoLevelDBWithOpts(Name, data, &opt.Options{
		Filter: filter.NewBloomFilter(filterBits), BlockCacheCapacity: blocks, WriteBuffer: buffer,
	})
}

package code

import (
	"errors"

	errorsmod "cosmossdk.io/errors"
)

// Code is the registered error that stands for one of the engine.
type Code struct {
	Engine     error
	Registered *errorsmod.Error
}

// Wrap gives an error the first code that it is in the list under, with its own text. Others, nil among them, are
// returned as they are.
func Wrap(err error, codes []Code) error {
	for _, c := range codes {
		if errors.Is(err, c.Engine) {
			return c.Registered.Wrap(err.Error())
		}
	}
	return err
}

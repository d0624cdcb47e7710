package policy

import (
	"reflect"
	"strings"
)

// structs are the parts of a policy file by the names of their types.
var structs = []any{
	File{}, Position{}, Target{}, Speed{}, Gains{}, Trigger{}, VolScale{}, Bands{}, Limits{}, Budget{}, Payment{}, Cost{},
}

// fieldsOf lists the fields that a part of a policy file may have, in the order of the schema.
func fieldsOf(part string) []string {
	for _, s := range structs {
		if t := reflect.TypeOf(s); t.Name() == part {
			return fieldNames(t)
		}
	}
	return nil
}

func fieldNames(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		names = append(names, name)
	}
	return names
}

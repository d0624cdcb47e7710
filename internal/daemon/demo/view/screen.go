package view

import (
	"context"
	"errors"
	"io"
	"os"

	tea "charm.land/bubbletea/v2"
)

// Model is what the terminal shows. It is a value: Update returns the next one.
type Model struct {
	scene         *Scene
	width, height int
	palette       palette
}

// NewModel is an empty stage.
func NewModel() Model { return Model{scene: new(Scene), palette: colours()} }

// The size of a terminal that does not say how large it is.
const usualWidth, usualHeight = 80, 24

// Init asks for nothing.
func (Model) Init() tea.Cmd { return nil }

// Update takes a scene, a size or a key in. Keys that end the show end the program.
func (m Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case *Scene:
		m.scene = msg
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case tea.KeyPressMsg:
		switch msg.String() {
		case "q", "Q", "esc", "ctrl+c":
			return m, tea.Quit
		}
	}
	return m, nil
}

// View draws.
func (m Model) View() tea.View {
	v := tea.NewView(frame(m.scene, m.palette, m.width, m.height))
	v.AltScreen, v.WindowTitle = true, "ballast demo"
	return v
}

// Screen is a terminal that shows scenes until it is closed or somebody ends the show.
type Screen struct {
	program *tea.Program
	done    chan struct{}
	err     error
}

// Open takes the terminal. Ended is called once when it has been given back, whoever wanted that.
func Open(ctx context.Context, in io.Reader, out io.Writer, ended func()) *Screen {
	options := []tea.ProgramOption{
		tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(out), tea.WithoutSignalHandler(),
	}
	if _, isFile := out.(*os.File); !isFile { // what is no terminal does not say how large it is
		options = append(options, tea.WithWindowSize(usualWidth, usualHeight))
	}
	s := &Screen{done: make(chan struct{}), program: tea.NewProgram(NewModel(), options...)}
	go func() {
		_, s.err = s.program.Run()
		close(s.done)
		ended()
	}()
	return s
}

// Show shows a scene.
func (s *Screen) Show(scene *Scene) { s.program.Send(scene) }

// Close gives the terminal back and waits until it is as it was.
func (s *Screen) Close() error {
	s.program.Quit()
	<-s.done
	if errors.Is(s.err, tea.ErrProgramKilled) { // its context ended
		return nil
	}
	return s.err
}

import './design/index.css';
import { mount } from 'svelte';
import App from './views/App.svelte';

const target = document.getElementById('till');
if (target) mount(App, { target });
